SwaggerUIBundle({
  url: "/api/v1/openapi.json",
  dom_id: "#swagger-ui",
  deepLinking: true,
  // The validator would be asked on another host.
  validatorUrl: null,
  presets: [SwaggerUIBundle.presets.apis],
});

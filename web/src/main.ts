import "@fontsource-variable/inter/wght.css";
import "./app.css";
import { mount } from "svelte";
import App from "./App.svelte";
import "./lib/theme.svelte";

const target = document.getElementById("app");
if (target) mount(App, { target });

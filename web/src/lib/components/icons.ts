import activity from "lucide-static/icons/activity.svg?raw";
import arrowLeft from "lucide-static/icons/arrow-left.svg?raw";
import bell from "lucide-static/icons/bell.svg?raw";
import check from "lucide-static/icons/check.svg?raw";
import clipboard from "lucide-static/icons/clipboard-list.svg?raw";
import languages from "lucide-static/icons/languages.svg?raw";
import logOut from "lucide-static/icons/log-out.svg?raw";
import map from "lucide-static/icons/map.svg?raw";
import monitor from "lucide-static/icons/monitor-smartphone.svg?raw";
import moon from "lucide-static/icons/moon.svg?raw";
import pause from "lucide-static/icons/pause.svg?raw";
import play from "lucide-static/icons/play.svg?raw";
import plus from "lucide-static/icons/plus.svg?raw";
import scroll from "lucide-static/icons/scroll-text.svg?raw";
import search from "lucide-static/icons/search.svg?raw";
import shield from "lucide-static/icons/shield.svg?raw";
import siren from "lucide-static/icons/siren.svg?raw";
import sun from "lucide-static/icons/sun.svg?raw";
import users from "lucide-static/icons/users.svg?raw";
import wifiOff from "lucide-static/icons/wifi-off.svg?raw";
import x from "lucide-static/icons/x.svg?raw";
import chart from "lucide-static/icons/chart-column.svg?raw";
import more from "lucide-static/icons/ellipsis.svg?raw";
import volume from "lucide-static/icons/volume-2.svg?raw";
import volumeX from "lucide-static/icons/volume-x.svg?raw";
import download from "lucide-static/icons/download.svg?raw";
import refresh from "lucide-static/icons/refresh-cw.svg?raw";
import send from "lucide-static/icons/send.svg?raw";
import pin from "lucide-static/icons/map-pin.svg?raw";
import userPlus from "lucide-static/icons/user-plus.svg?raw";
import warning from "lucide-static/icons/triangle-alert.svg?raw";
import checked from "lucide-static/icons/circle-check.svg?raw";
import star from "lucide-static/icons/star.svg?raw";
import trash from "lucide-static/icons/trash-2.svg?raw";
import phone from "lucide-static/icons/phone.svg?raw";
import radio from "lucide-static/icons/radio.svg?raw";
import clock from "lucide-static/icons/clock.svg?raw";
import hand from "lucide-static/icons/hand.svg?raw";
import undo from "lucide-static/icons/undo-2.svg?raw";
import route from "lucide-static/icons/route.svg?raw";

export const ICONS = {
  activity,
  arrowLeft,
  bell,
  check,
  clipboard,
  languages,
  logOut,
  map,
  monitor,
  moon,
  pause,
  play,
  plus,
  scroll,
  search,
  shield,
  siren,
  sun,
  users,
  wifiOff,
  x,
  chart,
  more,
  volume,
  volumeX,
  download,
  refresh,
  send,
  pin,
  userPlus,
  warning,
  checked,
  star,
  trash,
  route,
  phone,
  radio,
  clock,
  hand,
  undo,
};
export type IconName = keyof typeof ICONS;

/** What is drawn within the `svg` of an icon. */
export function paths(name: IconName): string {
  return ICONS[name].replace(/^[\s\S]*?<svg[\s\S]*?>/, "").replace(/<\/svg>\s*$/, "");
}

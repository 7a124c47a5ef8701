import type en from "../en/api";

const api: typeof en = {
  title: "api",
};

export default api;

import type en from "../en/request";

const request: typeof en = {
  title: "request",
};

export default request;

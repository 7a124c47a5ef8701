import type en from "../en/patterns";

const patterns: typeof en = {
  title: "patterns",
};

export default patterns;

import type en from "../en/reader";

const reader: typeof en = {
  title: "reader",
};

export default reader;

import type en from "../en/connections";

const connections: typeof en = {
  title: "connections",
};

export default connections;

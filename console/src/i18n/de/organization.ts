import type en from "../en/organization";

const organization: typeof en = {
  title: "organization",
};

export default organization;

import common from "./common";
import desk from "./desk";
import knowledge from "./knowledge";

export default { ...common, ...desk, ...knowledge };

import { unsafeCSS } from "lit";
import tokens from "../../../shared/tokens.css?inline";
import base from "./base.css?inline";
import elder from "./elder.css?inline";
import log from "./log.css?inline";
import sheets from "./sheets.css?inline";

export const styles = [tokens, base, log, sheets, elder].map((text) => unsafeCSS(text));

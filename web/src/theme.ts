// Light or dark: as the person chose here, else as the system is; inside Airflow as Airflow is.
import { useEffect, useState } from "react";

export type Choice = "light" | "dark" | "system";

const KEY = "openlineage-avro-theme";
export const isEmbedded = new URLSearchParams(window.location.search).has("embed");

function outerDocument(): Document | null {
  try {
    return isEmbedded && window.parent !== window ? window.parent.document : null;
  } catch {
    return null; // the page around this one is of another origin, and keeps its theme to itself
  }
}

function outerTheme(outer: Document): "light" | "dark" | null {
  const { classList, dataset } = outer.documentElement;
  if (classList.contains("dark") || dataset.theme === "dark") return "dark";
  if (classList.contains("light") || dataset.theme === "light") return "light";
  return null;
}

/** Puts the theme on the page's root now and whenever it changes; returns the choice. */
export function useTheme(): [Choice, (choice: Choice) => void] {
  const [choice, setChoice] = useState<Choice>(() => (localStorage.getItem(KEY) as Choice | null) ?? "system");
  useEffect(() => {
    const outer = outerDocument();
    const system = window.matchMedia("(prefers-color-scheme: dark)");
    const apply = () => {
      const around = outer && outerTheme(outer);
      const chosen = choice === "system" ? (system.matches ? "dark" : "light") : choice;
      document.documentElement.dataset.theme = around ?? chosen;
    };
    apply();
    system.addEventListener("change", apply);
    const observer = outer && new MutationObserver(apply);
    if (outer) observer?.observe(outer.documentElement, { attributes: true });
    return () => {
      system.removeEventListener("change", apply);
      observer?.disconnect();
    };
  }, [choice]);
  const choose = (next: Choice) => {
    localStorage.setItem(KEY, next);
    setChoice(next);
  };
  return [choice, choose];
}

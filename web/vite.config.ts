// Builds the bundle: relative addresses, since it is served at / and below a prefix of Airflow's.
import react from "@vitejs/plugin-react";
import { defineConfig } from "vite";

export default defineConfig({
  base: "./",
  plugins: [react()],
  server: { proxy: { "/api": process.env.LINEAGE_API ?? "http://127.0.0.1:5000" } },
});

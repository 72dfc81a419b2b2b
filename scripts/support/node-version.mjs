// Imported first by every script: an old Node gets one clear sentence instead of a syntax error from a dependency.
const [major, minor] = process.versions.node.split('.').map(Number);
if (major < 20 || (major === 20 && minor < 19)) {
  console.error(`Holdpoint needs Node 20.19 or newer; this is ${process.versions.node}.`);
  process.exit(1);
}

// Forms the replica set on first start, then gives each service a user that can use its own database alone.
// Safe to repeat: a changed password in the environment becomes the user's password.

function isPrimary() {
  return db.hello().isWritablePrimary;
}

function waitForPrimary() {
  for (let tries = 0; tries < 120 && !isPrimary(); tries++) sleep(500);
  if (!isPrimary()) throw new Error("no primary after 60 s");
}

function formSet() {
  try {
    rs.status();
  } catch (error) {
    if (error.codeName !== "NotYetInitialized") throw error;
    rs.initiate({ _id: "rs0", members: [{ _id: 0, host: "mongodb:27017" }] });
  }
}

// The gateway's counters of sign-ins are kept by the library `limits` in a database of that name.
const DATABASES = {
  cases: ["cases"],
  members: ["members"],
  notify: ["notify"],
  gateway: ["gateway", "limits"],
};

function ensureUser(name) {
  const own = db.getSiblingDB(name);
  const password = process.env[`${name.toUpperCase()}_DB_PASSWORD`];
  const user = { pwd: password, roles: DATABASES[name].map((db) => ({ role: "readWrite", db })) };
  if (own.getUser(name)) own.updateUser(name, user);
  else own.createUser({ user: name, ...user });
}

formSet();
waitForPrimary();
Object.keys(DATABASES).forEach(ensureUser);

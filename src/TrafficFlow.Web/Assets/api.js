// The description of the routes, shown by Scalar: nothing of it is fetched from elsewhere, and nothing is sent there.
Scalar.createApiReference('#api', {
  url: '/v1/openapi.json',
  withDefaultFonts: false,
  telemetry: false,
  hideClientButton: true,
  showDeveloperTools: 'never',
  agent: { disabled: true },
  mcp: { disabled: true },
});

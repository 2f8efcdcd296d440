using System.Text.Json;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace TrafficFlow.Node.ControlServer;

/// <summary>The result of the node's health checks, for programs: its status, and each check with what is wrong.</summary>
internal static class CheckJson
{
    public static byte[] Write(HealthReport report) => JsonSerializer.SerializeToUtf8Bytes(new
    {
        status = Name(report.Status),
        checks = report.Entries.ToDictionary(e => e.Key, e => new { status = Name(e.Value.Status), description = e.Value.Description ?? e.Value.Exception?.Message ?? "" }),
    });

    private static string Name(HealthStatus status) => status.ToString().ToLowerInvariant();
}

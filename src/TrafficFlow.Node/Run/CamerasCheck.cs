using Akka.Actor;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using TrafficFlow.Roadside.Operations;
using TrafficFlow.Wire.Cameras;

namespace TrafficFlow.Node.Run;

/// <summary>Whether the cameras of this node give frames. A file that was read to its end is well.</summary>
internal sealed class CamerasCheck(Func<ActorSystem?> roadside) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(HealthCheckContext context, CancellationToken cancellationToken = default)
    {
        if (roadside() is not { } system) return HealthCheckResult.Unhealthy("the cameras are not started: look into the node's log");
        var (cameras, problem) = await CameraReports.CollectAsync(system, []);
        if (problem.Length > 0) return HealthCheckResult.Unhealthy($"{problem}: look at the load of the machine and into the node's log");
        var away = cameras.Select(c => c.Status).Where(s => s.State is not (CameraState.Streaming or CameraState.Finished)).ToList();
        if (away.Count == 0) return HealthCheckResult.Healthy($"{cameras.Length} cameras give frames");
        var told = string.Join("; ", away.Select(s => s.Reason.Length == 0 ? $"{s.Camera} is {s.State.ToString().ToLowerInvariant()}" : $"{s.Camera}: {s.Reason}"));
        return away.Count < cameras.Length ? HealthCheckResult.Degraded(told) : HealthCheckResult.Unhealthy(told);
    }
}

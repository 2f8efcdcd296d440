using System.Diagnostics.Metrics;

namespace TrafficFlow.Wire.Telemetry;

/// <summary>What supervisors do.</summary>
public static class ActorTelemetry
{
    private static readonly Counter<long> s_restarts = TrafficFlowTelemetry.Meter.CreateCounter<long>(
        "trafficflow.actor.restart", "{restart}", "Actors that failed and were started again, or stopped for their parent to start them anew.");

    /// <param name="actor">The name of its role: detector, outbox, cluster.</param>
    public static void Restarted(string actor) => s_restarts.Add(1, new KeyValuePair<string, object?>("trafficflow.actor", actor));
}

using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Server.Tables;

/// <summary>What the read tables cost, for meters.</summary>
internal static class TableTelemetry
{
    private static readonly Histogram<double> s_write = TrafficFlowTelemetry.Meter.CreateHistogram(
        "trafficflow.table.write.duration", "s", "Time of one write of closed bins to the read tables; failed ones have an error.type.",
        tags: null, new InstrumentAdvice<double> { HistogramBucketBoundaries = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30] });

    private static readonly Gauge<long> s_waiting = TrafficFlowTelemetry.Meter.CreateGauge<long>(
        "trafficflow.table.write.waiting", "{portion}", "Portions of closed bins and journeys that wait to be written to the read tables, or are under way.");

    public static void Waiting(int portions) => s_waiting.Record(portions);

    /// <summary>Measures a write, and is its result.</summary>
    public static async Task<T> WriteAsync<T>(Func<Task<T>> write)
    {
        using var activity = TrafficFlowTelemetry.Activities.StartActivity("tables write", ActivityKind.Client);
        var startedAt = Stopwatch.GetTimestamp();
        string? error = null;
        try
        {
            return await write().ConfigureAwait(false);
        }
        catch (Exception e)
        {
            error = e.GetType().FullName;
            activity?.SetStatus(ActivityStatusCode.Error, e.Message);
            throw;
        }
        finally
        {
            var seconds = Stopwatch.GetElapsedTime(startedAt).TotalSeconds;
            if (error is null) s_write.Record(seconds);
            else s_write.Record(seconds, new KeyValuePair<string, object?>("error.type", error));
        }
    }
}

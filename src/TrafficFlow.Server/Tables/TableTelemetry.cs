using System.Diagnostics;
using System.Diagnostics.Metrics;
using TrafficFlow.Wire.Telemetry;

namespace TrafficFlow.Server.Tables;

/// <summary>What the read tables cost, for meters.</summary>
internal static class TableTelemetry
{
    private static readonly Histogram<double> s_write = TrafficFlowTelemetry.Meter.CreateHistogram<double>(
        "trafficflow.table.write.duration", "s", "Time of one write of closed bins to the read tables; failed ones have an error.type.");

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

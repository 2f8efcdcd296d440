using System.Globalization;

namespace TrafficFlow.Benchmarks.Scale;

/// <summary>What one size of the cluster was seen to do.</summary>
/// <param name="Waits">From crossing to commit in milliseconds, in order.</param>
internal sealed record ScaleSample(
    int Cameras, TimeSpan Window, ProcessUsage Before, ProcessUsage After, TimeSpan Started, long Events, long Rows, IReadOnlyList<double> Waits)
{
    /// <summary>Milliseconds of CPU a second.</summary>
    public double CpuPerCamera => PerCamera(u => u.Cpu);

    public static double Percentile(IReadOnlyList<double> sorted, double share) =>
        sorted.Count == 0 ? double.NaN : sorted[Math.Min(sorted.Count - 1, (int)(sorted.Count * share))];

    public void AddTo(Figures figures)
    {
        figures
            .Add(Key("events_per_s"), Events / Window.TotalSeconds, 1)
            .Add(Key("rows_per_s"), Rows / Window.TotalSeconds, 1)
            .Add(Key("roadside_mb"), After.RoadsideMegabytes, 0)
            .Add(Key("servers_mb"), After.ServersMegabytes, 0)
            .Add(Key("p50_ms"), Percentile(Waits, 0.5), 0)
            .Add(Key("p99_ms"), Percentile(Waits, 0.99), 0)
            .Add(Key("cpu_ms_per_camera_s"), CpuPerCamera, 2)
            .Add(Key("roadside_cpu_ms_per_camera_s"), PerCamera(u => u.RoadsideCpu), 2)
            .Add(Key("servers_cpu_ms_per_camera_s"), PerCamera(u => u.ServersCpu), 2)
            .Add(Key("database_cpu_ms_per_camera_s"), PerCamera(u => u.DatabaseCpu), 2)
            .Add(Key("start_s"), Started.TotalSeconds, 1);
    }

    private double PerCamera(Func<ProcessUsage, TimeSpan> part) => (part(After) - part(Before)).TotalMilliseconds / Cameras / Window.TotalSeconds;

    private string Key(string figure) => string.Create(CultureInfo.InvariantCulture, $"cameras_{Cameras}_{figure}");
}

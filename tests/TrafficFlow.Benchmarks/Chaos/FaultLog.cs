using System.Diagnostics;
using System.Globalization;
using System.Text;
using TrafficFlow.SystemTests.Lab;

namespace TrafficFlow.Benchmarks.Chaos;

/// <summary>Tells each fault as it happens, and all of them at the end.</summary>
internal sealed class FaultLog(LabCluster cluster, Stopwatch clock)
{
    private readonly Lock _gate = new();
    private readonly List<(PlannedFault Fault, TimeSpan Began, TimeSpan Healed)> _faults = [];

    /// <summary>As in the figures: kill_roadside.</summary>
    public static string Name(FaultKind kind) =>
        string.Concat(kind.ToString().Select((c, i) => char.IsUpper(c) ? $"{(i > 0 ? "_" : "")}{char.ToLowerInvariant(c)}" : $"{c}"));

    public void Say(string text)
    {
        lock (_gate) Console.Error.WriteLine(string.Create(CultureInfo.InvariantCulture, $"{clock.Elapsed.TotalSeconds,7:0.0} s  {text}"));
    }

    public async Task WatchAsync(PlannedFault fault, Func<Task> happen)
    {
        var began = clock.Elapsed;
        try
        {
            await happen();
        }
        catch (Exception e) when (e is not OperationCanceledException)
        {
            throw new BenchmarkException(BenchmarkException.Failed, $"fault {fault.Number}, {Name(fault.Kind)}, could not be made or healed: {e.Message}");
        }

        lock (_gate) _faults.Add((fault, began, clock.Elapsed));
        Say(string.Create(
            CultureInfo.InvariantCulture,
            $"{fault.Number,3} {Name(fault.Kind),-26} {Where(fault),-9} from {began.TotalSeconds:0.0} s{(fault.Overlaps ? ", over the one before" : "")}; runs: {string.Join(' ', cluster.Nodes.Where(n => n.IsRunning).Select(n => n.Name))}"));
    }

    /// <summary>When each fault that is healed began, since the clock was started.</summary>
    public IReadOnlyList<TimeSpan> Begun
    {
        get { lock (_gate) return [.. _faults.Select(f => f.Began)]; }
    }

    public string Markdown(int seed, Settled settled)
    {
        var text = new StringBuilder();
        text.Append(CultureInfo.InvariantCulture, $"# Chaos, seed {seed}\n\n");
        text.Append(CultureInfo.InvariantCulture, $"{_faults.Count} faults; {settled.Bins.Bins} bins and {settled.Bins.Vehicles} vehicles compared: {settled.Bins.Lost} lost, {settled.Bins.Doubled} doubled, ");
        text.Append(CultureInfo.InvariantCulture, $"{settled.Bins.CoverageLost.TotalSeconds:0.###} s of watching lost.\n\n| fault | times |\n|---|---|\n");
        foreach (var kind in _faults.GroupBy(f => f.Fault.Kind).OrderBy(g => g.Key)) text.Append(CultureInfo.InvariantCulture, $"| {Name(kind.Key)} | {kind.Count()} |\n");
        text.Append("\n| no | fault | where | began at s | healed after s | overlaps |\n|---|---|---|---|---|---|\n");
        foreach (var (fault, began, healed) in _faults.OrderBy(f => f.Fault.Number))
            text.Append(CultureInfo.InvariantCulture, $"| {fault.Number} | {Name(fault.Kind)} | {Where(fault)} | {began.TotalSeconds:0.0} | {(healed - began).TotalSeconds:0.0} | {(fault.Overlaps ? "yes" : "")} |\n");
        return text.ToString();
    }

    private static string Where(PlannedFault fault) => fault.Kind switch
    {
        FaultKind.KillServer or FaultKind.StopServer or FaultKind.CutServerFromDatabase => $"server-{fault.Server + 1}",
        FaultKind.ClockForward or FaultKind.ClockBack => ClusterFaults.IsOfRoadside(fault) ? "roadside" : $"server-{fault.Server + 1}",
        _ => "",
    };
}

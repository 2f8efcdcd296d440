using System.Collections.Concurrent;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>Makes the logs of virtual cameras. Cameras of the same traffic share its script, which may be long.</summary>
public sealed class ReplayLogs : IFlowLogFactory
{
    private readonly ConcurrentDictionary<(string? Folder, int Seed, TimeSpan Period), Lazy<FlowScript>> _scripts = [];

    public async ValueTask<IFlowLog> OpenAsync(Site site, CameraSetup camera, CancellationToken cancellation)
    {
        var source = ReplaySource.Parse(camera.Source);
        // Simulating or reading takes seconds; no actor waits for it.
        return await Task.Run(() => new ReplayLog(site, camera, source, Script(source)), cancellation).ConfigureAwait(false);
    }

    /// <exception cref="FlowLogException">The trajectory files are not usable.</exception>
    public FlowScript Script(ReplaySource source)
    {
        var key = (source.Folder, source.Seed, source.Period);
        var script = _scripts.GetOrAdd(key, _ => new Lazy<FlowScript>(() => Make(source)));
        try
        {
            return script.Value;
        }
        catch (FlowLogException)
        {
            // Whoever mends the folder and restarts the camera must not meet the old error.
            _scripts.TryRemove(new(key, script));
            throw;
        }
    }

    private static FlowScript Make(ReplaySource source) =>
        source.Folder is { } folder
            ? TrajectoryScript.Read(folder)
            : FlowScript.Simulated(JunctionSettings.Default with { Seed = source.Seed }, source.Period);
}

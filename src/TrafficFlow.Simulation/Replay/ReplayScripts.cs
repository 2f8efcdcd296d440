using System.Collections.Concurrent;
using TrafficFlow.Core.Flow;
using TrafficFlow.Core.Sites;

namespace TrafficFlow.Simulation.Replay;

/// <summary>Makes the scripts of replay cameras. Cameras of the same traffic share its <see cref="FlowScript"/>, which may be long.</summary>
public sealed class ReplayScripts : IReplayScriptFactory
{
    private readonly ConcurrentDictionary<(string? Folder, int Seed, TimeSpan Period), MadeScript> _scripts = [];

    public async ValueTask<IReplayScript> OpenAsync(Site site, CameraSetup camera, CancellationToken cancellation)
    {
        var source = ReplaySource.Parse(camera.Source);
        // Simulating or reading takes seconds: no actor waits for it, and a thousand cameras of one traffic hold no thread meanwhile.
        await Find(source).Made.Value.WaitAsync(cancellation).ConfigureAwait(false);
        return await Task.Run(() => new ReplayScript(site, camera, source, Script(source)), cancellation).ConfigureAwait(false);
    }

    /// <exception cref="ReplayScriptException">The trajectory files are not usable.</exception>
    public FlowScript Script(ReplaySource source) => Find(source).Script.Value;

    private MadeScript Find(ReplaySource source)
    {
        var key = (source.Folder, source.Seed, source.Period);
        return _scripts.GetOrAdd(key, _ =>
        {
            var script = new Lazy<FlowScript>(() =>
            {
                try
                {
                    return Make(source);
                }
                catch
                {
                    // Whoever mends the folder and restarts the camera must not meet the old error.
                    _scripts.TryRemove(key, out MadeScript? _);
                    throw;
                }
            });
            return new MadeScript(script, new Lazy<Task>(() => Task.Run(() => script.Value)));
        });
    }

    /// <param name="Made">Ends when the script is made.</param>
    private sealed record MadeScript(Lazy<FlowScript> Script, Lazy<Task> Made);

    private static FlowScript Make(ReplaySource source) =>
        source.Folder is { } folder
            ? TrajectoryScript.Read(folder)
            : FlowScript.Simulated(JunctionSettings.Default with { Seed = source.Seed }, source.Period);
}

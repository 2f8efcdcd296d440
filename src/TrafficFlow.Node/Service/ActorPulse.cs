using Akka.Actor;

namespace TrafficFlow.Node.Service;

/// <summary>
/// Whether the actors that a node cannot do without work off their mailboxes. Each must answer itself: a guardian answers for the dispatcher alone.
/// Asked for their identity they answer also while they recover, or wait for a database: that is no hang.
/// </summary>
internal static class ActorPulse
{
    /// <summary>As far as a system has them; one that ended is noticed by its system (see VitalActors), and answers here through whoever is asked in its place.</summary>
    public static readonly IReadOnlyList<string> Paths =
    [
        "/user", "/system", "/user/vital", "/user/cameras", "/user/uplink", "/user/flow-tables", "/user/membership", "/user/relay", "/user/commands",
        "/user/site-commands", "/system/sharding/approaches",
    ];

    /// <returns>SYSTEM/PATH of those that did not answer in time; none of a system that has ended.</returns>
    public static async Task<IReadOnlyList<string>> SilentAsync(IEnumerable<ActorSystem?> systems, TimeSpan within, CancellationToken cancellation)
    {
        var asked = systems.OfType<ActorSystem>().Where(s => !s.WhenTerminated.IsCompleted).SelectMany(s => Paths, (system, path) => (System: system, Path: path)).ToList();
        var answered = await Task.WhenAll(asked.Select(a => AnswersAsync(a.System, a.Path, within, cancellation)));
        return [.. asked.Where((a, i) => !answered[i] && !a.System.WhenTerminated.IsCompleted).Select(a => $"{a.System.Name}{a.Path}")];
    }

    private static async Task<bool> AnswersAsync(ActorSystem system, string path, TimeSpan within, CancellationToken cancellation)
    {
        try
        {
            await system.ActorSelection(path).Ask<ActorIdentity>(new Identify(path), within, cancellation);
            return true;
        }
        catch (Exception) when (!cancellation.IsCancellationRequested)
        {
            return false;
        }
    }
}

using Akka.Actor;

namespace TrafficFlow.Node.Service;

/// <summary>
/// Whether the actors that a node cannot do without work off their mailboxes. Each must answer itself: a guardian answers for the dispatcher alone, and a camera
/// supervises workers that throw, not one whose thread never comes back from a library or a file system. Asked for their identity they answer also while they
/// recover, or wait for a database: that is no hang.
/// </summary>
internal static class ActorPulse
{
    /// <summary>As far as a system has them; one that ended is noticed by its system (see VitalActors), and answers here through whoever is asked in its place.</summary>
    public static readonly IReadOnlyList<string> Paths =
    [
        "/user", "/system", "/user/vital", "/user/cameras", "/user/uplink", "/user/flow-tables", "/user/membership", "/user/relay", "/user/commands",
        "/user/site-commands", "/system/sharding/approaches",
    ];

    /// <summary>Below /user/cameras: a camera, its workers, and theirs.</summary>
    private const int WorkerDepth = 3;

    /// <returns>SYSTEM/PATH of those that did not answer in time; none of a system that has ended.</returns>
    public static Task<IReadOnlyList<string>> SilentAsync(IEnumerable<ActorSystem?> systems, TimeSpan within, CancellationToken cancellation) =>
        SilentAsync(systems, _ => Paths, within, cancellation);

    /// <summary>
    /// The same of cameras with their readers, detectors, trackers and outboxes. Each works on one message at a time, a detector on a frame: that takes longer
    /// than a guardian's answer. One that hangs costs its camera; ending the process for it would cost all of them, and it may well hang again.
    /// </summary>
    public static Task<IReadOnlyList<string>> SilentWorkersAsync(IEnumerable<ActorSystem?> systems, TimeSpan within, CancellationToken cancellation) =>
        SilentAsync(systems, WorkersOf, within, cancellation);

    private static async Task<IReadOnlyList<string>> SilentAsync(
        IEnumerable<ActorSystem?> systems, Func<ActorSystem, IEnumerable<string>> paths, TimeSpan within, CancellationToken cancellation)
    {
        var asked = systems.OfType<ActorSystem>().Where(s => !s.WhenTerminated.IsCompleted).SelectMany(paths, (system, path) => (System: system, Path: path)).ToList();
        var answered = await Task.WhenAll(asked.Select(a => AnswersAsync(a.System, a.Path, within, cancellation)));
        return [.. asked.Where((a, i) => !answered[i] && !a.System.WhenTerminated.IsCompleted).Select(a => $"{a.System.Name}{a.Path}")];
    }

    /// <summary>As they are now; one that has ended meanwhile is answered for.</summary>
    private static IEnumerable<string> WorkersOf(ActorSystem system) =>
        system is ExtendedActorSystem { Guardian: ActorRefWithCell user } && user.Children.OfType<ActorRefWithCell>().FirstOrDefault(c => c.Path.Name == "cameras") is { } cameras
            ? Below(cameras, WorkerDepth) : [];

    private static IEnumerable<string> Below(ActorRefWithCell parent, int depth) => depth == 0 ? [] : parent.Children.OfType<ActorRefWithCell>()
        .SelectMany(child => Below(child, depth - 1).Prepend(child.Path.ToStringWithoutAddress()));

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

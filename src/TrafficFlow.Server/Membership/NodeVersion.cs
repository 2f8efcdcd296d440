using System.Reflection;

namespace TrafficFlow.Server.Membership;

/// <summary>
/// This build's version, as the nodes of a cluster compare it: while servers differ in it, no shard is moved but what a server that leaves or fails has held,
/// and that goes to the newest. An older server could not read what a newer one has written.
/// </summary>
internal static class NodeVersion
{
    private const int CommitDigits = 10;

    public static string Own { get; } =
        Of(typeof(NodeVersion).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "0.0.0");

    /// <param name="informational">As 0.1.0-538+COMMIT; without a number where it is no package's.</param>
    /// <returns>As 0.1.0-538-gCOMMIT: Akka takes 538 for a number, and not for a text, only where something follows it.</returns>
    public static string Of(string informational) =>
        informational.Split('+', 2) is [var version, var commit] && version.Contains('-', StringComparison.Ordinal)
            ? $"{version}-g{commit[..Math.Min(CommitDigits, commit.Length)]}"
            : informational.Split('+', 2)[0];
}

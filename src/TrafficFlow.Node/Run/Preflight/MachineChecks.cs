using TrafficFlow.Node.Retention;

namespace TrafficFlow.Node.Run.Preflight;

/// <summary>The clock of the machine, and what it knows of time zones.</summary>
internal static class MachineChecks
{
    public static IEnumerable<Finding> Clock(NodeDefinition node, TimeProvider time)
    {
        const string What = "clock";
        var now = time.GetUtcNow();
        if (Directory.Exists(node.DataDirectory) && Problem() is { } problem) yield return Finding.Bad(What, problem);
        else yield return TimeServices.IsSynchronised() switch
        {
            false => Finding.Doubtful(What, $"{now:yyyy-MM-dd HH:mm:ss}Z, and nobody keeps it right: switch a time service on (timedatectl set-ntp true, or chrony); counts of a wrong clock wait in quarantine"),
            true => Finding.Good(What, $"{now:yyyy-MM-dd HH:mm:ss}Z, kept right by a time service"),
            null => Finding.Good(What, $"{now:yyyy-MM-dd HH:mm:ss}Z; whether a time service keeps it right this process cannot find out (timedatectl tells)"),
        };

        string? Problem()
        {
            try
            {
                return ClockAtStart.Problem(node.DataDirectory, now);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                return null; // the data folder's own line tells it
            }
        }
    }

    public static IEnumerable<Finding> TimeZones(NodeDefinition node, TimeProvider time)
    {
        const string What = "time zones";
        if (TimeZoneInfo.GetSystemTimeZones().Count < 2) yield return Finding.Bad(What, "this machine has no time zone files: apt-get install tzdata");
        else if (node.Sites.Count > 0)
            yield return Finding.Good(What, string.Join(", ", node.Sites.Select(s => s.Site.TimeZone).DistinctBy(z => z.Id).Select(z => $"{z.Id}, where it is {TimeZoneInfo.ConvertTime(time.GetUtcNow(), z):HH:mm}")));
    }
}

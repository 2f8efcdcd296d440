namespace TrafficFlow.Vault.Accounts;

/// <summary>How long whoever failed must wait before the next try is looked at. Pure.</summary>
/// <param name="Free">Tries without a wait.</param>
/// <param name="Longest">Each further try doubles the wait, from 2 s to this.</param>
/// <param name="ForgottenAfter">Without a failure for so long, all is forgotten.</param>
/// <param name="Most">Of one after another; beyond them the wait is a day (NIST SP 800-63B: at most 100).</param>
internal sealed record Backoff(int Free, TimeSpan Longest, TimeSpan ForgottenAfter, int Most)
{
    public static readonly Backoff OfAccounts = new(5, TimeSpan.FromMinutes(15), TimeSpan.FromHours(24), 100);

    /// <summary>Many people may share one address.</summary>
    public static readonly Backoff OfAddresses = new(20, TimeSpan.FromMinutes(5), TimeSpan.FromHours(1), int.MaxValue);

    private static readonly TimeSpan s_day = TimeSpan.FromDays(1);

    /// <returns>Zero where the next try is looked at. A try that comes earlier is refused unseen, and does not count.</returns>
    public TimeSpan Wait(Tries tries, DateTimeOffset now)
    {
        if (tries.Count < Free || now - tries.LastAt >= ForgottenAfter) return TimeSpan.Zero;
        var wait = tries.Count >= Most ? s_day : TimeSpan.FromSeconds(Math.Min(Longest.TotalSeconds, Math.Pow(2, Math.Min(tries.Count - Free + 1, 20))));
        var left = tries.LastAt + wait - now;
        // A clock that was set back must not keep anybody out for longer.
        return left <= TimeSpan.Zero ? TimeSpan.Zero : left > wait ? wait : left;
    }

    public Tries Add(Tries tries, DateTimeOffset now) => new(now - tries.LastAt >= ForgottenAfter ? 1 : tries.Count + 1, now);
}

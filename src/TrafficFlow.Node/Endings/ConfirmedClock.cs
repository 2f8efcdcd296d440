using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Retention;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Endings;

/// <summary>A custodian has looked at the clock and says that it is right.</summary>
internal static class ConfirmedClock
{
    /// <summary>With the id of an approval.</summary>
    private const int LongestReason = 700;

    /// <param name="lookAgain">Has the node take it now.</param>
    public static async Task<VaultAnswer> RunAsync(string data, string reason, Principal by, Func<AuditEvent, Task<bool>> record, TimeProvider time, Action lookAgain)
    {
        if (string.IsNullOrWhiteSpace(reason) || reason.Length > LongestReason) return VaultAnswer.Refused($"say with --reason by which clock you know it, in at most {LongestReason} characters: what has reached its age is erased because of it") with { IsUndone = true };
        var now = time.GetUtcNow();
        if (!await record(new AuditEvent(AuditKind.Change, by.Name, by.Account, "custody clock confirm", $"{now:yyyy-MM-dd'T'HH:mm:ssK}", "begun", reason))) return VaultAnswer.Undone("the audit cannot be written now, and nothing is confirmed without a record of it: see trafficflow ctl health show");
        try
        {
            TrustedClock.Confirm(data, time);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return VaultAnswer.Failed($"{e.Message}: free some space, and run it as the account of the node");
        }

        lookAgain();
        return VaultAnswer.Done($"the clock of this machine ({now:yyyy-MM-dd HH:mm:ss}Z) is taken to be right from now on: what has reached its age by it is erased at the next look, within an hour");
    }
}

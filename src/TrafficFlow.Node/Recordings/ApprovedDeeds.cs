using System.Globalization;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Does what one person may do, or what another one has approved; else the approval is asked for.</summary>
/// <param name="record">Into the audit; false where it cannot be recorded now.</param>
internal sealed class ApprovedDeeds(ApprovalStore approvals, Func<AuditEvent, Task<bool>> record)
{
    /// <param name="description">What exactly: what a second person approves.</param>
    /// <param name="run">With the id of the approval; null where none is asked for.</param>
    /// <exception cref="RegisterException">The register of approvals does not take it.</exception>
    /// <exception cref="VaultFileException">It cannot be read or written.</exception>
    public async Task<VaultAnswer> RunAsync(ApprovalKind kind, string description, Principal by, Func<string?, Task<VaultAnswer>> run)
    {
        var author = new RegisterAuthor(by.Name, by.Account);
        switch (await approvals.RequireAsync(kind, description, author))
        {
            case ApprovalAnswer.Allowed allowed:
                var (outcome, isUndone) = ("failed: see the audit", false);
                try
                {
                    var answer = await run(allowed.ApprovalId);
                    (outcome, isUndone) = (answer.Lines is [.., var last] ? last : answer.Outcome, answer.IsUndone);
                    return answer;
                }
                finally
                {
                    if (allowed.ApprovalId is { } used) await EndAsync(used, outcome, isUndone, author);
                }

            case ApprovalAnswer.NeedsApproval { RequestId: null }:
                var asked = await approvals.RequestAsync(kind, description, author);
                return VaultAnswer.Waiting($"this takes two persons here: {asked.Id} is requested, and waits for another person's approval (page Custody, or trafficflow custody approval approve {asked.Id}) until {Minute(asked.OpenUntil)}; then do the same once more. Nothing was done");
            case ApprovalAnswer.NeedsApproval waiting:
                return VaultAnswer.Waiting($"{waiting.Message}. Nothing was done");
            case ApprovalAnswer.Refused refused:
                return VaultAnswer.Refused($"{refused.Message}. Nothing was done");
            default:
                return VaultAnswer.Refused("it was refused. Nothing was done");
        }
    }

    /// <summary>What is done is done, be it that its end cannot be noted.</summary>
    private async Task EndAsync(string approval, string outcome, bool isUndone, RegisterAuthor by)
    {
        try
        {
            if (outcome.Length > ApprovalRegister.LongestReason) outcome = outcome[..ApprovalRegister.LongestReason];
            if (isUndone) await approvals.ReturnAsync(approval, outcome, by);
            else await approvals.EndAsync(approval, outcome, by);
        }
        catch (Exception e) when (e is RegisterException or VaultFileException)
        {
            await record(new AuditEvent(AuditKind.Change, by.Name, by.Account, "approval end", approval, $"failed: {e.Message}", outcome));
        }
    }

    private static string Minute(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm'Z'", CultureInfo.InvariantCulture);
}

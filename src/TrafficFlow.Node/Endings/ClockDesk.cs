using TrafficFlow.Core.Texts;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Endings;

/// <summary>Takes the clock of the machine for right by the word of whoever is at it: recordings are erased because of it, and so the rule of two persons is asked as at the page of retention.</summary>
/// <param name="record">Into the audit; false where it cannot be recorded now.</param>
/// <param name="confirm">Does it, with the reason.</param>
internal sealed class ClockDesk(ApprovalStore approvals, PersonLogIn logIn, Func<AuditEvent, Task<bool>> record, Func<string, Principal, Task<VaultAnswer>> confirm)
{
    /// <summary>As the page takes it.</summary>
    private const int LongestReason = 400;

    private readonly ApprovedDeeds _deeds = new(approvals, record);

    /// <summary>Logs in whom the request names; else it is whoever has sent it.</summary>
    public async Task<VaultAnswer> ConfirmAsync(VaultRequest request, Principal by)
    {
        var reason = request.Reason?.Trim() ?? "";
        if (reason.Length is 0 or > LongestReason) return VaultAnswer.Refused($"say with --reason by which clock you know it, in at most {LongestReason} characters: what has reached its age is erased because of it");
        reason = PlainText.Of(reason, LongestReason);
        try
        {
            if (request.As is { } account) by = await logIn.CheckAsync(account, request.AsPassword, request.AsCode, by);
            return await _deeds.RunAsync(ApprovalKind.Erase, VaultTasks.DescribeClock(reason), by, approval => confirm(approval is null ? reason : $"{reason} ({approval})", by));
        }
        catch (RegisterException e)
        {
            return VaultAnswer.Refused(e.Message);
        }
        catch (VaultFileException e)
        {
            return VaultAnswer.Failed(e.Message);
        }
    }
}

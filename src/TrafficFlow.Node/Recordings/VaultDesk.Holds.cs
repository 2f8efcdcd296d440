using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Ends of legal holds: what a hold kept is erased by its age as soon as it is released, so that the rule for erasures is asked.</summary>
internal sealed partial class VaultDesk
{
    /// <summary>Releases a hold that another node's register of approvals has allowed to be released.</summary>
    /// <param name="approval">As it is told there.</param>
    public async Task<VaultAnswer> ReleaseAsync(VaultRequest request, Principal by, string approval) =>
        // One entry of one register: where it is refused, nothing was done.
        await AnsweredAsync(() => RecordedAsync(request, by, "vault hold release", () => Release(request, by, approval))) is var answer && answer.Outcome == VaultAnswer.OfRefused ? answer with { IsUndone = true } : answer;

    private Task<VaultAnswer> ReleaseAsync(VaultRequest request, Principal by)
    {
        var hold = vault.Holds.All.FirstOrDefault(h => h.Id == request.Id && vault.Holds.IsInForce(h)) ?? throw NoHold(request);
        return ApprovedAsync(ApprovalKind.Erase, DescribeRelease(hold, request.Reason), by, _ => RecordedAsync(request, by, "vault hold release", () => Release(request, by, null)));
    }

    /// <summary>With what it keeps, so that whoever approves knows what is erased then.</summary>
    private static string DescribeRelease(LegalHold hold, string? reason) =>
        $"release {hold.Id} of {Minute(hold.Since)}, which keeps {hold.Scope} until {Minute(hold.Until)} ({hold.Reason}){(string.IsNullOrWhiteSpace(reason) ? "" : $": {reason}")}";

    private List<string> Release(VaultRequest request, Principal by, string? approval)
    {
        vault.Holds.Release(request.Id ?? "", by.Name);
        return [$"{request.Id} is released{(approval is null ? "" : $", as {approval} allows")}: what it kept is erased as its age says"];
    }

    private static FormatException NoHold(VaultRequest request) => new($"there is no hold {Core.Texts.PlainText.Of(request.Id ?? "", 40)} in force: trafficflow vault holds lists them");
}

using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Wire.Authorization;

namespace TrafficFlow.Node.Recordings;

/// <summary>Copies outside the vault: of its ledger, and those that an end of an experiment has kept from it.</summary>
internal sealed partial class VaultDesk
{
    private List<string> Copies() => vault.KnownCopies is { Count: > 0 } copies ? [.. copies.Select(c => Told(c.Name, c.Copy))] : ["no copies"];

    private string Told(string name, CopyEntry copy)
    {
        var standing = copy.Ended is { } ended ? $"ended {Minute(ended)}: {copy.How}" : copy.IsOverdue(time.GetUtcNow()) ? $"OVERDUE since {Minute(copy.Until)}" : $"until {Minute(copy.Until)}";
        return $"{name}\t{copy.Kind.ToString().ToLowerInvariant()}\t{standing}\t{copy.Scope}\t{copy.Where} ({copy.By}, {Minute(copy.Made)})";
    }

    private async Task<IReadOnlyList<string>> EndCopyAsync(VaultRequest request, Principal by)
    {
        await vault.EndCopyAsync(request.Id ?? "", request.Reason ?? "", new RegisterAuthor(by.Name, by.Account));
        return [$"{request.Id} has ended"];
    }
}

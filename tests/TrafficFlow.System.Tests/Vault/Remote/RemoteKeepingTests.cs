using System.Collections.Immutable;
using System.Security.Cryptography;
using TrafficFlow.Core.Custody;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Wire.Authorization;
using TrafficFlow.Wire.Recordings;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Remote;

/// <summary>What the pages of a server have the vault of another node tell and do.</summary>
public sealed class RemoteKeepingTests : IDisposable
{
    private static readonly Principal s_anna = new("anna", "account[custodian]:anna");
    private static readonly Principal s_carl = new("carl", "account[operator]:carl");
    private readonly DirectoryInfo _disk = Directory.CreateTempSubdirectory("trafficflow-carried-");

    private static CancellationToken Cancelled => TestContext.Current.CancellationToken;

    public void Dispose() => _disk.Delete(recursive: true);

    [Fact]
    public async Task A_server_sees_how_a_vault_is_kept_and_has_it_verified()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000, 1000]);

        var kept = await KeptAsync(nodes);
        Assert.Equal((KeyWayKind.Credential, "unit", (DateTimeOffset?)null), Assert.Single(kept.Ways) is var way ? (way.Kind, way.Label, way.Proved) : default);
        Assert.Equal((TwoNodes.Noon, TwoNodes.Noon.AddMinutes(2)), (kept.Oldest, kept.Newest));
        Assert.Equal(nodes.RoadsideVault.Identity().Identity.Fingerprint, kept.Fingerprint);
        Assert.True(kept.OpensByItself);
        Assert.Equal("", kept.ClockDoubt);
        Assert.Equal(Enum.GetValues<KeptKind>(), kept.Rules.Select(r => r.Kind));
        Assert.Empty(kept.Tasks);

        var verified = await DoAsync(nodes, Of(VaultTask.Verify));
        Assert.Equal(VaultOrderOutcome.Done, verified.Outcome);
        Assert.StartsWith("whole: 3 segments", verified.Lines[^1], StringComparison.Ordinal);
        var task = Assert.Single((await KeptAsync(nodes)).Tasks);
        Assert.Equal((VaultTask.Verify, "anna", VaultOrderOutcome.Done, 3, 3), (task.Task, task.By, task.Outcome, task.Done, task.Of));
        Assert.Contains(AuditOf(nodes), e => e.Action == "vault verify" && e.Account == $"account[custodian]:anna@{nodes.ServerName}" && e.Outcome == "done");

        // A bit of a segment turns.
        var file = nodes.FileOf(nodes.Recorded[1].Place);
        var bytes = await File.ReadAllBytesAsync(file, Cancelled);
        bytes[^20] ^= 1;
        await File.WriteAllBytesAsync(file, bytes, Cancelled);
        var damaged = await DoAsync(nodes, Of(VaultTask.Verify));
        Assert.Equal(VaultOrderOutcome.Failed, damaged.Outcome);
        Assert.StartsWith("NOT WHOLE", damaged.Lines[^1], StringComparison.Ordinal);
        Assert.Contains(damaged.Lines, l => l.Contains(nodes.Recorded[1].Place.Name, StringComparison.Ordinal));
    }

    [Fact]
    public async Task Recordings_are_carried_by_pages_alone_and_erased_where_they_were_recorded_when_their_confirmation_is_back()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000]);
        await TrustEachOtherAsync(nodes);

        var exported = await DoAsync(nodes, Of(VaultTask.Export) with { Other = "server", Path = _disk.FullName });
        Assert.True(exported.Outcome == VaultOrderOutcome.Done, string.Join("; ", exported.Lines));
        var volume = Assert.Single(_disk.GetDirectories());
        var imported = await DoAsync(nodes, Of(VaultTask.Import) with { Path = volume.FullName }, nodes.ServerName);
        Assert.True(imported.Outcome == VaultOrderOutcome.Done, string.Join("; ", imported.Lines));
        var taken = Assert.Single((await KeptAsync(nodes, nodes.ServerName)).TakenIn);
        Assert.Equal((volume.Name, "roadside", 2), (taken.Id, taken.From, taken.Segments));
        Assert.All(nodes.Recorded, r => Assert.True(File.Exists(nodes.FileOf(r.Place))));

        var confirmation = (await nodes.Cluster.AskAsync<VaultFileFound>(nodes.ServerName, new GetVaultFile(s_anna, VaultFileKind.Confirmation, taken.Id), Cancelled)).Answer!.File;
        Assert.Equal(await File.ReadAllBytesAsync(Path.Combine(volume.FullName, "CONFIRMATION"), Cancelled), confirmation);
        var changed = confirmation.SetItem(confirmation.Length / 2, (byte)(confirmation[confirmation.Length / 2] ^ 1));
        Assert.NotEqual(VaultOrderOutcome.Done, (await TryAsync(nodes, Of(VaultTask.Confirm) with { File = changed }))?.Outcome);
        Assert.All(nodes.Recorded, r => Assert.True(File.Exists(nodes.FileOf(r.Place))));
        var confirmed = await DoAsync(nodes, Of(VaultTask.Confirm) with { File = confirmation });
        Assert.True(confirmed.Outcome == VaultOrderOutcome.Done, string.Join("; ", confirmed.Lines));
        Assert.Contains("2 were erased here now, receipt", confirmed.Lines[^1], StringComparison.Ordinal);
        Assert.All(nodes.Recorded, r => Assert.False(File.Exists(nodes.FileOf(r.Place))));
        // By its path, and twice.
        var again = await DoAsync(nodes, Of(VaultTask.Confirm) with { Path = Path.Combine(volume.FullName, "CONFIRMATION") });
        Assert.Contains("0 were erased here now", again.Lines[^1], StringComparison.Ordinal);
    }

    [Fact]
    public async Task Where_two_persons_are_asked_for_the_second_one_approves_at_the_server_what_the_node_there_has_told()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Export | TwoPersonRule.Erase);
        Make(nodes);
        nodes.RoadsideVault.Trusted.Add(nodes.ServerVault.Identity().Identity, nodes.ServerVault.Identity().Identity.Fingerprint, "test");
        var order = Of(VaultTask.Export) with { Other = "server", Path = _disk.FullName };

        var waits = await DoAsync(nodes, order);
        Assert.Equal(VaultOrderOutcome.Waits, waits.Outcome);
        Assert.Empty(_disk.GetDirectories());
        var asked = Assert.Single(nodes.ServerApprovals.Read().Approvals);
        Assert.Equal(ApprovalKind.Export, asked.Kind);
        Assert.Contains($"at node {nodes.RoadsideName}: carry recordings", asked.Description, StringComparison.Ordinal);
        Assert.Empty(nodes.RoadsideApprovals.Read().Approvals);

        await nodes.ServerApprovals.ApproveAsync(asked.Id, asked.Sha256, new RegisterAuthor("bert", "account[custodian]:bert"));
        var done = await DoAsync(nodes, order);
        Assert.True(done.Outcome == VaultOrderOutcome.Done, string.Join("; ", done.Lines));
        Assert.Single(_disk.GetDirectories());
        Assert.Contains(AuditOf(nodes), e => e.Action == "vault export" && e.Outcome == "begun" && e.Details == $"approved: {asked.Id} at {nodes.ServerName}");
        Assert.Equal(ApprovalState.Used, nodes.ServerApprovals.Read().Approvals[0].StateAt(TimeProvider.System.GetUtcNow()));
    }

    [Fact]
    public async Task What_cannot_be_is_refused_before_anybody_is_asked_to_approve_it()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Export | TwoPersonRule.Erase);

        Assert.Contains("no vault server is trusted", await WhyAsync(nodes, Of(VaultTask.Export) with { Other = "server", Path = _disk.FullName }), StringComparison.Ordinal);
        Assert.Contains("is the node's own data folder", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = Path.Combine(nodes.RoadsideData, "vault", "..", "vault") }), StringComparison.Ordinal);
        Assert.Contains("there is no folder", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = "/mnt/nothing" }), StringComparison.Ordinal);
        Assert.Contains("write the whole path", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = "disk" }), StringComparison.Ordinal);
        Assert.Contains("choose the file CONFIRMATION", await WhyAsync(nodes, Of(VaultTask.Confirm)), StringComparison.Ordinal);
        Assert.Contains("there is no confirmation", await WhyAsync(nodes, Of(VaultTask.Confirm) with { Path = _disk.FullName }), StringComparison.Ordinal);
        Assert.NotNull(await WhyAsync(nodes, Of(VaultTask.Confirm) with { File = [1, 2, 3] }));
        Assert.Empty(nodes.ServerApprovals.Read().Approvals);
        Assert.Empty(nodes.RoadsideApprovals.Read().Approvals);
        foreach (var name in new[] { "../../audit", "trafficflow-x-1", "" })
            Assert.NotNull((await nodes.Cluster.AskAsync<VaultFileFound>(nodes.RoadsideName, new GetVaultFile(s_anna, VaultFileKind.Confirmation, name), Cancelled)).Refused);
        Assert.NotNull((await nodes.Cluster.AskAsync<VaultFileFound>(nodes.RoadsideName, new GetVaultFile(s_anna, VaultFileKind.EndReport, "../registers.head"), Cancelled)).Refused);
    }

    [Fact]
    public async Task Operators_carry_and_verify_and_custodians_alone_trust_confirm_and_rotate()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var before = nodes.RoadsideVault.Keys.Master!;

        Assert.Equal(VaultOrderOutcome.Done, (await DoAsync(nodes, Of(VaultTask.Verify) with { By = s_carl })).Outcome);
        foreach (var task in new[] { VaultTask.Rotate, VaultTask.Confirm, VaultTask.Trust, VaultTask.Distrust, VaultTask.CancelExport, VaultTask.ConfirmClock })
        {
            var refused = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, Of(task) with { By = s_carl, Id = "x", Other = "x", Reason = "x", File = [1] }, Cancelled);
            Assert.Equal(RecordingsRefusal.NotAllowed, refused.Refused?.Why);
        }

        Assert.Equal(before.Generation, nodes.RoadsideVault.Keys.Master!.Generation);
        Assert.Equal(VaultOrderOutcome.Done, (await DoAsync(nodes, Of(VaultTask.Rotate))).Outcome);
        Assert.Equal(before.Generation + 1, nodes.RoadsideVault.Keys.Master!.Generation);
        Assert.Equal(VaultOrderOutcome.Done, (await DoAsync(nodes, Of(VaultTask.Verify))).Outcome);
    }

    private static List<AuditEvent> AuditOf(TwoNodes nodes) => [.. AuditReader.Read(new AuditPlace(nodes.RoadsideData), new AuditFilter()).Select(r => r.Event)];

    private static BeginVaultTask Of(VaultTask task) => new(s_anna, task, new RecordingScope(), "", 0, "", "", 0, null, "", []);

    private static async Task<KeepingDescribed> KeptAsync(TwoNodes nodes, string? node = null) => (await nodes.Cluster.AskAsync<KeepingDescribed>(node ?? nodes.RoadsideName, new DescribeKeeping(s_anna), Cancelled)).Answer!;

    private static async Task<VaultOrdered> DoAsync(TwoNodes nodes, BeginVaultTask task, string? node = null)
    {
        var answer = await nodes.Cluster.AskAsync<VaultOrdered>(node ?? nodes.RoadsideName, task, Cancelled);
        Assert.True(answer.Answer is not null, answer.Why);
        return answer.Answer;
    }

    private static async Task<VaultOrdered?> TryAsync(TwoNodes nodes, BeginVaultTask task) => (await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, task, Cancelled)).Answer;

    private static async Task<string> WhyAsync(TwoNodes nodes, BeginVaultTask task)
    {
        var answer = await nodes.Cluster.AskAsync<VaultOrdered>(nodes.RoadsideName, task, Cancelled);
        Assert.True(answer.Answer is null or { Outcome: VaultOrderOutcome.Refused }, $"{answer.Answer?.Outcome}");
        return answer.Why ?? string.Join("; ", answer.Answer!.Lines);
    }

    /// <summary>Gives the server's vault a key.</summary>
    private static void Make(TwoNodes nodes)
    {
        using var credential = new CredentialSecret(RandomNumberGenerator.GetBytes(32));
        nodes.ServerVault.Keys.Create([SlotRequest.Of("unit", credential)]);
    }

    private static async Task TrustEachOtherAsync(TwoNodes nodes)
    {
        Make(nodes);
        var identities = new List<(string Node, ImmutableArray<byte> File, string Fingerprint)>();
        foreach (var node in new[] { nodes.RoadsideName, nodes.ServerName })
            identities.Add((node, (await nodes.Cluster.AskAsync<VaultFileFound>(node, new GetVaultFile(s_anna, VaultFileKind.Identity, ""), Cancelled)).Answer!.File, (await KeptAsync(nodes, node)).Fingerprint));
        var wrong = await DoAsync(nodes, Of(VaultTask.Trust) with { File = identities[1].File, Other = identities[0].Fingerprint });
        Assert.Equal(VaultOrderOutcome.Refused, wrong.Outcome);
        for (var i = 0; i < 2; i++)
        {
            var trusted = await DoAsync(nodes, Of(VaultTask.Trust) with { File = identities[1 - i].File, Other = identities[1 - i].Fingerprint }, identities[i].Node);
            Assert.True(trusted.Outcome == VaultOrderOutcome.Done, string.Join("; ", trusted.Lines));
        }
    }
}

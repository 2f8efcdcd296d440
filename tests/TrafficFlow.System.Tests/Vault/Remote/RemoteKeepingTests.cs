using System.Collections.Immutable;
using System.Security.Cryptography;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Vault.Approvals;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Pages.Recordings;
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
        var way = Assert.Single(kept.Ways);
        Assert.Equal((KeyWayKind.Credential, "unit", nodes.RoadsideVault.Proofs.Of(way.Id)?.At), (way.Kind, way.Label, way.Proved));
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

    [Fact]
    public async Task When_a_way_to_the_key_was_last_proved_is_told()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var slot = Assert.Single(nodes.RoadsideVault.Keys.Master!.Slots);

        await nodes.RoadsideVault.Proofs.AddAsync(slot, new RegisterAuthor("anna", s_anna.Account));

        Assert.NotNull(nodes.RoadsideVault.Proofs.Of(slot.Id));
        Assert.Equal(nodes.RoadsideVault.Proofs.Of(slot.Id)!.At, Assert.Single((await KeptAsync(nodes)).Ways).Proved);
    }

    [Fact]
    public async Task What_is_no_file_on_the_disk_that_came_back_is_neither_waited_for_nor_read()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var (pipe, link) = (Path.Combine(_disk.FullName, "CONFIRMATION"), Path.Combine(_disk.FullName, "link"));
        using (var mkfifo = System.Diagnostics.Process.Start("mkfifo", [pipe])) await mkfifo.WaitForExitAsync(Cancelled);
        File.CreateSymbolicLink(link, "/dev/zero");

        Assert.Contains("is a pipe, a socket or a device", await WhyAsync(nodes, Of(VaultTask.Confirm) with { Path = pipe }).WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
        Assert.Contains("is a link", await WhyAsync(nodes, Of(VaultTask.Confirm) with { Path = link }).WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
        Assert.Contains("is of the system (/dev)", await WhyAsync(nodes, Of(VaultTask.Confirm) with { Path = "/dev/zero" }).WaitAsync(TimeSpan.FromSeconds(30), Cancelled), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_path_that_leads_into_the_nodes_own_folder_or_the_systems_by_links_is_refused()
    {
        await using var nodes = await TwoNodes.StartAsync([1000]);
        var own = Path.Combine(nodes.RoadsideData, "vault");
        Directory.CreateSymbolicLink(Path.Combine(_disk.FullName, "up"), "..");
        Directory.CreateSymbolicLink(Path.Combine(_disk.FullName, "data"), Path.Combine("up", Path.GetRelativePath(Path.GetDirectoryName(_disk.FullName)!, nodes.RoadsideData)));
        Directory.CreateSymbolicLink(Path.Combine(_disk.FullName, "round"), "round");
        Directory.CreateSymbolicLink(Path.Combine(_disk.FullName, "system"), "/proc/self");

        Assert.Contains($"leads to {own}, which is the node's own data folder", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = Path.Combine(_disk.FullName, "data", "vault") }), StringComparison.Ordinal);
        Assert.Contains("is the node's own data folder", await WhyAsync(nodes, Of(VaultTask.Export) with { Other = "server", Path = Path.Combine(_disk.FullName, "data") }), StringComparison.Ordinal);
        Assert.Contains("is the node's own data folder", await WhyAsync(nodes, Of(VaultTask.Confirm) with { Path = Path.Combine(_disk.FullName, "data", "audit.pub") }), StringComparison.Ordinal);
        Assert.Contains("is of the system (/proc)", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = $"/proc/self/root{own}" }), StringComparison.Ordinal);
        Assert.Contains("is of the system (/proc)", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = Path.Combine(_disk.FullName, "system", "root") + own }), StringComparison.Ordinal);
        Assert.Contains("links without end", await WhyAsync(nodes, Of(VaultTask.Import) with { Path = Path.Combine(_disk.FullName, "round") }), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_bundle_is_not_written_to_the_nodes_own_disk_where_it_takes_the_room_for_counting()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], minFree: long.MaxValue / 2);
        Make(nodes);
        nodes.RoadsideVault.Trusted.Add(nodes.ServerVault.Identity().Identity, nodes.ServerVault.Identity().Identity.Fingerprint, "test");

        Assert.Contains("is on the node's own disk", await WhyAsync(nodes, Of(VaultTask.Export) with { Other = "server", Path = nodes.Beside }), StringComparison.Ordinal);
        Assert.Empty(nodes.RoadsideVault.Exports);
        // Another file system has room of its own.
        if (Directory.Exists("/dev/shm")) Assert.False(TrafficFlow.Vault.HandCarry.CarriedPlace.IsOnDiskOf("/dev/shm", nodes.RoadsideData));
    }

    [Fact]
    public async Task How_far_an_export_is_is_counted_as_it_writes_and_the_carried_disk_is_not_asked_for_it()
    {
        await using var nodes = await TwoNodes.StartAsync([1000, 1000, 1000]);
        await TrustEachOtherAsync(nodes);

        var exported = await DoAsync(nodes, Of(VaultTask.Export) with { Other = "server", Path = _disk.FullName });

        Assert.True(exported.Outcome == VaultOrderOutcome.Done, string.Join("; ", exported.Lines));
        Assert.Equal("", exported.Task);
        foreach (var volume in _disk.GetDirectories()) volume.Delete(recursive: true);
        var task = (await KeptAsync(nodes)).Tasks.First(t => t.Task == VaultTask.Export);
        Assert.Equal((3, 3), (task.Done, task.Of));
    }

    [Fact]
    public async Task An_approval_is_good_once_more_where_it_is_certain_that_nothing_was_done_there()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Export | TwoPersonRule.Erase);
        Make(nodes);
        nodes.RoadsideVault.Trusted.Add(nodes.ServerVault.Identity().Identity, nodes.ServerVault.Identity().Identity.Fingerprint, "test");
        var order = Of(VaultTask.Export) with { Other = "server", Path = _disk.FullName };
        await DoAsync(nodes, order);
        var asked = Assert.Single(nodes.ServerApprovals.Read().Approvals);
        await nodes.ServerApprovals.ApproveAsync(asked.Id, asked.Sha256, new RegisterAuthor("bert", "account[custodian]:bert"));

        nodes.RoadsideAuditWorks = false;
        var undone = await DoAsync(nodes, order);
        Assert.Equal((VaultOrderOutcome.Failed, true), (undone.Outcome, undone.IsUndone));
        Assert.Empty(_disk.GetDirectories());
        Assert.Equal(ApprovalState.Approved, nodes.ServerApprovals.Read().Get(asked.Id).State);

        nodes.RoadsideAuditWorks = true;
        Assert.Equal(VaultOrderOutcome.Done, (await DoAsync(nodes, order)).Outcome);
        Assert.Equal(ApprovalState.Used, nodes.ServerApprovals.Read().Get(asked.Id).State);
        Assert.Single(nodes.ServerApprovals.Read().Approvals);
    }

    [Fact]
    public async Task What_has_begun_says_so_and_the_approval_of_another_one_of_its_kind_is_not_spent_on_it()
    {
        await using var nodes = await TwoNodes.StartAsync([1000], policy: TwoPersonRule.Erase);
        var confirmed = new TaskCompletionSource<VaultAnswer>();
        nodes.ConfirmClock = (_, _) => confirmed.Task;
        var (first, second) = (Of(VaultTask.ConfirmClock) with { Reason = "by the radio clock" }, Of(VaultTask.ConfirmClock) with { Reason = "by the telephone" });
        foreach (var order in new[] { first, second })
        {
            Assert.Equal(VaultOrderOutcome.Waits, (await DoAsync(nodes, order)).Outcome);
            var asked = nodes.ServerApprovals.Read().Approvals[^1];
            await nodes.ServerApprovals.ApproveAsync(asked.Id, asked.Sha256, new RegisterAuthor("bert", "account[custodian]:bert"));
        }

        var begun = await DoAsync(nodes, first);
        Assert.Equal((VaultOrderOutcome.Done, "t1", false), (begun.Outcome, begun.Task, begun.IsUndone));
        var refused = await DoAsync(nodes, second);
        Assert.Equal((VaultOrderOutcome.Refused, true), (refused.Outcome, refused.IsUndone));
        Assert.StartsWith("the same is under way (t1", refused.Lines[0], StringComparison.Ordinal);
        Assert.Equal(ApprovalState.Approved, nodes.ServerApprovals.Read().Get("r2").State);

        confirmed.SetResult(VaultAnswer.Done("confirmed"));
        using var limit = new CancellationTokenSource(TimeSpan.FromSeconds(30));
        while (Assert.Single((await KeptAsync(nodes)).Tasks).Ended is null) await Task.Delay(50, limit.Token);
        Assert.Equal(VaultOrderOutcome.Done, (await DoAsync(nodes, second)).Outcome);
        Assert.Equal(ApprovalState.Used, nodes.ServerApprovals.Read().Get("r2").State);
    }

    [Theory]
    [InlineData(true, "it is not in the cluster")]
    [InlineData(false, null)]
    public void A_refusal_is_certain_where_it_says_so_alone(bool isUndone, string? undone)
    {
        Assert.Equal(undone, new PlaceAnswer<VaultOrdered>(null, new RecordingsRefused(RecordingsRefusal.NotNow, "it is not in the cluster") { IsUndone = isUndone }, null).Undone);
        Assert.Equal(undone, new PlaceAnswer<VaultOrdered>(new VaultOrdered(VaultOrderOutcome.Refused, ["it is not in the cluster"], []) { IsUndone = isUndone }, null, null).Undone);
        Assert.Equal(undone, new PlaceAnswer<VaultOrdered>(null, null, "it is not in the cluster") { IsUnasked = isUndone }.Undone);
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

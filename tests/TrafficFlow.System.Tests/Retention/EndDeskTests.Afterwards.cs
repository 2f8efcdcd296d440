using System.Text;
using System.Text.Json;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node;
using TrafficFlow.Node.Endings;
using TrafficFlow.Node.Recordings;
using TrafficFlow.Node.Registers;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Vault.Segments;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.HandCarry;
using TrafficFlow.Vault.Keys;
using TrafficFlow.Vault.Recordings;
using TrafficFlow.Vault.Registers;
using TrafficFlow.Vault.Segments;
using Xunit;

namespace TrafficFlow.SystemTests.Retention;

/// <summary>What is left of an end, and what comes after it.</summary>
public sealed partial class EndDeskTests
{
    [Fact]
    public async Task A_bundle_that_was_never_written_is_given_up_and_copies_are_ended_when_the_vault_has_no_key_any_more()
    {
        await AppointAsync();
        var bundle = Planned();
        _vault.Copies.Add(CopyKind.Export, new EraseScope(RecordedVault.Site), "taro", "a disk of the city's", _clock.GetUtcNow().AddDays(10));
        _vault.Copies.Add(CopyKind.Learning, new EraseScope(s_other), "taro", "frames", _clock.GetUtcNow().AddDays(10));

        var answer = await Desk().EndAsync(null, "over", s_anna);

        Assert.True(answer.Outcome == VaultAnswer.OfDone, string.Join('\n', answer.Lines));
        Assert.Contains(answer.Lines, l => l.Contains($"bundle {bundle.Bundle}, which was never written, is cancelled", StringComparison.Ordinal));
        Assert.Empty(_vault.Exports);
        var report = Report(out _);
        Assert.Equal([("copy-1", true), ("copy-2", false), ("copy-3", false)], report.Copies.Select(c => (c.Id, c.Ended is not null)));
        Assert.Contains(report.Left, l => l.English.Contains($"trafficflow vault end-copy {report.End.Id}/copy-2 ", StringComparison.Ordinal));

        Assert.Equal(VaultAnswer.OfRefused, (await VaultAsync(new VaultRequest("end-copy") { Id = "copy-2" })).Outcome);
        Assert.Contains("there is no copy copy-1", (await VaultAsync(new VaultRequest("end-copy") { Id = "copy-1", Reason = "x" })).Lines[0], StringComparison.Ordinal);
        Assert.Contains("2 copies elsewhere that have not ended", string.Join('\n', (await VaultAsync(new VaultRequest("status"))).Lines), StringComparison.Ordinal);
        var ended = await VaultAsync(new VaultRequest("end-copy") { Id = "copy-2", Reason = "shredded by suzuki" });
        Assert.True(ended.Outcome == VaultAnswer.OfDone, string.Join('\n', ended.Lines));

        // A vault of afterwards has a ledger of its own, and numbers that begin anew.
        _clock.Move(TimeSpan.FromDays(1));
        using var credential = new CredentialSecret(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        _vault.Keys.Create([SlotRequest.Of("unit", credential)]);
        _vault.Copies.Add(CopyKind.Backup, EraseScope.All, "taro", "a tape", _clock.GetUtcNow().AddDays(10));
        Assert.Equal([$"{report.End.Id}/copy-1", $"{report.End.Id}/copy-2", $"{report.End.Id}/copy-3", "copy-1"], _vault.KnownCopies.Select(c => c.Name));
        Assert.Contains((await VaultAsync(new VaultRequest("copies"))).Lines, l => l.StartsWith($"{report.End.Id}/copy-2\texport\tended", StringComparison.Ordinal) && l.Contains("shredded by suzuki", StringComparison.Ordinal));
        foreach (var name in new[] { "copy-1", $"{report.End.Id}/copy-3" }) Assert.Equal(VaultAnswer.OfDone, (await VaultAsync(new VaultRequest("end-copy") { Id = name, Reason = "burnt" })).Outcome);
        Assert.All(_vault.KnownCopies, c => Assert.NotNull(c.Copy.Ended));
    }

    [Fact]
    public async Task An_end_whose_vault_lost_its_key_before_copies_were_kept_is_finished_and_they_can_be_ended()
    {
        await AppointAsync();
        var bundle = Planned();
        var begun = await _vault.Ends.BeginAsync(null, "over", s_author, null);
        foreach (var step in new[] { EndStep.Recording, EndStep.Pictures, EndStep.Kinds }) await _vault.Ends.AddAsync(begun.Id, new EndedStep(step, _clock.GetUtcNow(), [], []), s_author);
        _vault.Erase(new EraseOrder(EraseScope.All, "over", "anna", "account[custodian]:anna"));

        var answer = await Desk().EndAsync(null, "over", s_anna);

        Assert.True(answer.Outcome == VaultAnswer.OfDone, string.Join('\n', answer.Lines));
        Assert.Contains(answer.Lines, l => l.StartsWith($"LEFT: bundle {bundle.Bundle} was planned when its key was destroyed", StringComparison.Ordinal));
        Assert.Null(Assert.Single(Report(out _).Copies).Ended);
        Assert.Equal($"{begun.Id}/copy-1", Assert.Single(_vault.Ends.Copies).Name);
        Assert.Equal(VaultAnswer.OfDone, (await VaultAsync(new VaultRequest("end-copy") { Id = $"{begun.Id}/copy-1", Reason = "never written" })).Outcome);
        Assert.Equal("never written", Assert.Single(_vault.KnownCopies).Copy.How);
    }

    [Fact]
    public async Task A_vault_that_was_erased_without_an_end_says_how_its_copies_are_ended()
    {
        _vault.Copies.Add(CopyKind.Export, EraseScope.All, "taro", "a disk", _clock.GetUtcNow().AddDays(10));
        _vault.Erase(new EraseOrder(EraseScope.All, "over", "anna", "account[custodian]:anna"));
        Assert.Contains("trafficflow custody end --everything", (await VaultAsync(new VaultRequest("end-copy") { Id = "copy-1", Reason = "burnt" })).Lines[0], StringComparison.Ordinal);
        await AppointAsync();
        Assert.Equal(VaultAnswer.OfDone, (await Desk().EndAsync(null, "over", s_anna)).Outcome);
        Assert.Equal(VaultAnswer.OfDone, (await VaultAsync(new VaultRequest("end-copy") { Id = "copy-1", Reason = "burnt" })).Outcome);
    }

    [Fact]
    public async Task What_a_hold_keeps_of_an_ended_site_is_given_out_for_nothing_but_what_it_is_held_for()
    {
        await AppointAsync();
        _vault.Holds.Add(new EraseScope(RecordedVault.Site), "police 4711", "anna", _clock.GetUtcNow().AddDays(60));
        var learn = new VaultRequest("learn") { Site = RecordedVault.Site.Value, Path = "/mnt/set" };
        Assert.Equal(VaultAnswer.OfDone, (await VaultAsync(learn)).Outcome);
        Assert.Equal(VaultAnswer.OfDone, (await Desk().EndAsync(RecordedVault.Site, "over", s_anna)).Outcome);

        var refused = await VaultAsync(learn);
        Assert.Equal(VaultAnswer.OfRefused, refused.Outcome);
        Assert.Contains("the experiment at site kokandori was ended on", refused.Lines[0], StringComparison.Ordinal);
        Assert.Single(_vault.Copies.All);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_register_of_ends_that_is_put_back_or_taken_away_begins_no_recording_and_is_found(bool taken)
    {
        await AppointAsync();
        await Desk().EndAsync(s_other, "over", s_anna);
        string[] files = [.. new[] { ".jsonl", ".head" }.Select(e => Path.Combine(_folder.Path, "custody", EndRegister.Name + e))];
        var before = files.Select(File.ReadAllBytes).ToList();
        Assert.True(Allowed().Of(new CameraId("cam1")).Plan.Records(_clock.GetUtcNow()));
        await Desk().EndAsync(RecordedVault.Site, "over", s_anna);
        await using (var audit = await AuditLog.OpenAsync(_folder.Path, new AuditOptions(), _clock))
        {
            foreach (var e in _audit) Assert.NotNull(await audit.RecordAsync(e));
        }

        Assert.Empty(RolledBack());
        for (var i = 0; i < files.Length; i++)
        {
            if (taken) File.Delete(files[i]);
            else File.WriteAllBytes(files[i], before[i]);
        }

        Assert.Equal(taken ? 0 : 1, new EndRegister(_folder.Path, _vault.Folder, _clock).All.Count);
        Assert.False(Allowed().Of(new CameraId("cam1")).Plan.Records(_clock.GetUtcNow()));
        Assert.Contains("the register of ends ends with entry", Assert.Single(RolledBack()), StringComparison.Ordinal);

        // A report that is none may be one that somebody has changed.
        foreach (var report in Directory.GetFiles(_vault.Ends.Reports, "*" + EndReportFile.Ending, SearchOption.AllDirectories)) File.WriteAllText(report, "x");
        Assert.Throws<VaultFileException>(() => new EndRegister(_folder.Path, _vault.Folder, _clock).Covering(RecordedVault.Site));
    }

    [Fact]
    public async Task An_erasure_that_cannot_be_ended_hinders_the_end_of_its_own_site_alone_and_is_ordered_once()
    {
        await AppointAsync();
        var stuck = _vault.Recorded.List(RecordedVault.Site).First().Place;
        var file = Path.Combine(_vault.Folder, "sites", stuck.Site.Value, stuck.Camera.Value, stuck.Day.ToString("yyyy-MM-dd", System.Globalization.CultureInfo.InvariantCulture), stuck.Name + SegmentPlace.Ending);
        File.Delete(file);
        File.CreateSymbolicLink(file, _folder.Write("other", "somebody else's"));
        Assert.ThrowsAny<Exception>(() => _vault.EraseSome(new EraseOrder(EraseScope.All, "age", "retention", "retention"), [stuck]));

        Assert.Equal(VaultAnswer.OfDone, (await Desk().EndAsync(s_other, "over", s_anna)).Outcome);
        for (var tried = 0; tried < 3; tried++)
        {
            var waits = await Desk().EndAsync(RecordedVault.Site, "over", s_anna);
            Assert.Equal(VaultAnswer.OfRefused, waits.Outcome);
            Assert.Contains("cannot be ended now", waits.Lines[0], StringComparison.Ordinal);
            Assert.Contains("is a link to", waits.Lines[0], StringComparison.Ordinal);
        }

        Assert.Equal(1, _vault.Erasing);
        File.Delete(file);
        Assert.Equal(VaultAnswer.OfDone, (await Desk().EndAsync(RecordedVault.Site, "over", s_anna)).Outcome);
        // The other site's, the one that was stuck, and the end's own.
        Assert.Equal(3, _vault.Receipts.Count);
        Assert.DoesNotContain(_vault.Recorded.List(), s => s.State != SegmentState.Erased);
    }

    [Fact]
    public async Task A_report_says_each_sentence_of_its_receipts_once_and_more_than_can_be_read_is_not_signed()
    {
        await AppointAsync();
        foreach (var camera in new[] { "cam1", "cam2" }) _vault.Erase(new EraseOrder(new EraseScope(RecordedVault.Site, new CameraId(camera)), "before", "anna", "account[custodian]:anna"));
        await Desk().EndAsync(null, "over", s_anna);

        var report = Report(out var folder);
        Assert.Equal(3, report.Receipts.Count);
        var keys = new AuditPlace(_folder.Path).PublicKeys();
        var receipts = _vault.Receipts.Select(r => ReceiptFile.Verify(File.ReadAllBytes(r), keys)).ToList();
        Assert.Equal(receipts.SelectMany(r => r.Proved).Distinct(), report.Proved);
        Assert.Equal(receipts.SelectMany(r => r.NotProved).Distinct(), report.NotProved);
        var text = File.ReadAllText(Path.Combine(folder, report.End.Id + EndReportFile.Ending));
        Assert.All(report.NotProved.Concat(report.Proved), s => Assert.Equal(2, text.Split($"\"{JsonEncodedText.Encode(s)}\"").Length));

        using var key = AuditKey.LoadOrCreate(new AuditPlace(_folder.Path).Key, out _);
        Assert.Throws<VaultFileException>(() => SignedDocument.Write("END REPORT", new byte[SignedDocument.Longest], key));
        Assert.Equal("x", Encoding.ASCII.GetString(SignedDocument.Read("END REPORT", SignedDocument.Write("END REPORT", "x"u8, key), keys).Text));
    }

    private Task<VaultAnswer> VaultAsync(VaultRequest request) => new VaultDesk(_vault, _ => Task.FromResult(true), Approvals, new PersonLogIn(Accounts, _ => Task.FromResult(true)), _clock).AnswerAsync(request, s_anna);

    private IReadOnlyList<string> RolledBack() =>
        RegisterRollback.Find(NodeCustody.Open(_folder.Path, CustodySettings.Default, Accounts, () => _sites, null, _clock), new EndRegister(_folder.Path, _vault.Folder, _clock), new AuditPlace(_folder.Path));

    private BundleRecord Planned()
    {
        var data = Directory.CreateDirectory(Path.Combine(_folder.Path, "server")).FullName;
        using var server = new RecordingVault(data, "server", new SegmentStoreOptions { MinFreeBytes = 0 }, () => new MediumFacts("ext4", true, false, "test"), _clock);
        using var credential = new CredentialSecret(System.Security.Cryptography.RandomNumberGenerator.GetBytes(32));
        server.Keys.Create([SlotRequest.Of("unit", credential)]);
        var identity = server.Identity().Identity;
        _vault.Trusted.Add(identity, identity.Fingerprint, "anna");
        return _vault.PlanExport(new EraseScope(RecordedVault.Site), "server", 1L << 30, _clock.GetUtcNow().AddDays(30), "taro");
    }
}

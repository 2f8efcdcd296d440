using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Wire.Audit;
using TrafficFlow.Wire.Authorization;
using Xunit;

namespace TrafficFlow.SystemTests.Vault;

public sealed class AuditLogTests : IDisposable
{
    private static readonly AuditOptions s_node = new() { IsNode = true };

    private readonly SettingsFolder _folder = new();
    private readonly SettingsFolder _copies = new();
    private readonly VaultClock _clock = new();

    private AuditPlace Place => new(_folder.Path);

    [Fact]
    public async Task Records_of_two_processes_are_one_whole_chain_over_several_files_private_to_their_owner()
    {
        var options = new AuditOptions { RotateBytes = 4_000, CheckpointEach = 10 };
        await using (var one = await OpenAsync(options))
        await using (var other = await OpenAsync(options))
        {
            await Task.WhenAll(Enumerable.Range(0, 60).Select(i => (i % 2 == 0 ? one : other).RecordAsync(Event($"action {i}"))));
        }

        var report = Verify();
        Assert.True(report.IsWhole, AuditSample.Text(report.Findings));
        Assert.Equal((61, 1, 61), (report.Records, report.First, report.Last));
        Assert.InRange(Place.Rotated().Count, 2, 20);
        Assert.Equal(60, AuditReader.Read(Place, new AuditFilter(Action: "action")).Select(r => r.Event.Action).Distinct().Count());
        Assert.All(Directory.GetFiles(_folder.Path), f => Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(f)));
    }

    [Fact]
    public async Task A_record_is_checked_by_any_program_with_sha256_alone()
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("\"quoted\"\n 鋼管通り \u202e"));

        var before = new string('0', 64);
        foreach (var line in File.ReadLines(Place.Log))
        {
            using var json = JsonDocument.Parse(line);
            Assert.Equal(before, json.RootElement.GetProperty("before").GetString());
            before = json.RootElement.GetProperty("hash").GetString()!;
            Assert.Equal(before, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(line[..line.LastIndexOf(",\"hash\":", StringComparison.Ordinal)]))));
        }
    }

    [Theory]
    [InlineData(200, false)]
    [InlineData(1, false)]
    [InlineData(300, true)]
    public async Task A_line_that_a_crash_has_cut_is_ended_with_a_record_that_says_so_and_is_no_tampering(int bytes, bool isZeroed)
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("before"));
        var head = await File.ReadAllBytesAsync(Place.Head, TestContext.Current.CancellationToken);
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("in the middle"));
        // What a power cut leaves: no head of it yet, and a part of the line, or its length alone.
        await File.WriteAllBytesAsync(Place.Head, head, TestContext.Current.CancellationToken);
        var content = await File.ReadAllBytesAsync(Place.Log, TestContext.Current.CancellationToken);
        if (isZeroed) Array.Clear(content, content.Length - bytes, bytes);
        await File.WriteAllBytesAsync(Place.Log, isZeroed ? content : content[..^(bytes + 1)], TestContext.Current.CancellationToken);
        Assert.True(Verify() is { IsWhole: true, Notes.Count: 1 }, AuditSample.Text(Verify().Findings));

        await using (var log = await OpenAsync(s_node)) await log.RecordAsync(Event("after"));

        var report = Verify();
        Assert.True(report.IsWhole, AuditSample.Text(report.Findings));
        Assert.Contains(AuditReader.Read(Place, new AuditFilter()), r => r.Event.Action == "cut line ended");
        // What was said of it once cannot be said of something else.
        var text = await File.ReadAllTextAsync(Place.Log, TestContext.Current.CancellationToken);
        var cut = text.IndexOf("{\"n\":3", StringComparison.Ordinal);
        await File.WriteAllTextAsync(Place.Log, $"{text[..cut]}[{text[(cut + 1)..]}", TestContext.Current.CancellationToken);
        Assert.Contains(Verify().Findings, f => f.Fault == AuditFault.Inserted);
    }

    [Fact]
    public void A_record_fits_into_its_line_whatever_it_holds()
    {
        foreach (var text in new[] { new string('\u0001', 5_000), new string('鋼', 5_000), string.Concat(Enumerable.Repeat("\ud83d\ude97", 5_000)), new string('\ud800', 5_000), "鋼管通り" })
        {
            var (record, line) = AuditRecord.Create(1, _clock.GetUtcNow(), new AuditEvent(AuditKind.Change, text, text, text, text, text, text), AuditRecord.NoHash);

            Assert.InRange(line.Length, 1, AuditRecord.LongestLine);
            var read = AuditRecord.Read(line, out var problem);
            Assert.Equal(("", record.Hash), (problem, read!.Hash));
            if (text.Length < 100) Assert.Equal(text, read.Event.Action);
            else Assert.EndsWith("…", read.Event.Action);
        }
    }

    [Fact]
    public async Task A_record_that_somebody_else_writes_behind_the_last_one_is_found_and_stays_found()
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("one"));
        var last = AuditReader.Read(Place, new AuditFilter()).Last();
        var (_, line) = AuditRecord.Create(last.Number + 1, last.Time, Event("forged"), last.Hash);
        await File.AppendAllTextAsync(Place.Log, $"{Encoding.UTF8.GetString(line)}\n", TestContext.Current.CancellationToken);
        Assert.Equal((AuditFault.Inserted, last.Number + 1, 3), Verify().Findings.Select(f => (f.Fault, f.Record!.Value, f.Line)).Single());

        await using (var log = await OpenAsync()) await log.RecordAsync(Event("two"));

        Assert.Equal((AuditFault.Inserted, 3), Verify().Findings.Select(f => (f.Fault, f.Line)).Single());
        Assert.Contains(AuditReader.Read(Place, new AuditFilter()), r => r.Event.Action == "lines of somebody else");
    }

    [Fact]
    public async Task A_head_that_was_taken_away_is_missed_for_ever()
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("one"));
        File.Delete(Place.Head);
        Assert.Equal(AuditFault.NoHead, Verify().Findings.Single().Fault);

        await using (var log = await OpenAsync()) await log.RecordAsync(Event("two"));

        Assert.Equal((AuditFault.Dropped, 3L), Verify().Findings.Select(f => (f.Fault, f.Record!.Value)).Single());
    }

    [Fact]
    public async Task Records_written_before_the_head_could_be_are_kept()
    {
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("one"));
        var head = await File.ReadAllBytesAsync(Place.Head, TestContext.Current.CancellationToken);
        await using (var log = await OpenAsync()) await log.RecordAsync(Event("two"));
        await File.WriteAllBytesAsync(Place.Head, head, TestContext.Current.CancellationToken);
        Assert.True(Verify().IsWhole);

        await using (var log = await OpenAsync()) await log.RecordAsync(Event("three"));

        Assert.True(Verify().IsWhole, AuditSample.Text(Verify().Findings));
        Assert.Equal(["one", "two", "three"], AuditReader.Read(Place, new AuditFilter(Kind: AuditKind.Change)).Select(r => r.Event.Action));
    }

    [Fact]
    public async Task What_was_cut_off_is_found_for_ever_though_the_node_goes_on_writing()
    {
        await using (var log = await OpenAsync())
            for (var i = 0; i < 10; i++) await log.RecordAsync(Event($"{i}"));
        var lines = await File.ReadAllLinesAsync(Place.Log, TestContext.Current.CancellationToken);
        await File.WriteAllLinesAsync(Place.Log, lines[..6], TestContext.Current.CancellationToken);
        await using (var log = await OpenAsync(s_node)) await log.RecordAsync(Event("later"));

        var finding = Assert.Single(Verify().Findings);
        Assert.Equal((AuditFault.Dropped, 7L, 11L), (finding.Fault, finding.Record, finding.Through));
        Assert.Equal("records 7 to 11: missing after line 6 of audit.log (audit.log)", finding.ToString());
    }

    [Fact]
    public async Task A_roll_back_of_the_whole_folder_is_found_with_the_copies_elsewhere_and_so_is_one_that_went_on()
    {
        var options = s_node with { CopyTo = _copies.Path };
        await using (var log = await OpenAsync(options)) await log.RecordAsync(Event("one"));
        var kept = Directory.GetFiles(_folder.Path).ToDictionary(f => f, File.ReadAllBytes);
        await using (var log = await OpenAsync(options)) await log.RecordAsync(Event("two"));
        foreach (var file in Directory.GetFiles(_folder.Path)) File.Delete(file);
        foreach (var (file, content) in kept) await File.WriteAllBytesAsync(file, content, TestContext.Current.CancellationToken);
        foreach (var file in kept.Keys) File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);

        Assert.True(Verify().IsWhole);
        var finding = Assert.Single(Verify(_copies.Path).Findings);
        Assert.Equal((AuditFault.Truncated, 5L, 7L), (finding.Fault, finding.Record, finding.Through));

        // The node knows of the copies, too, and takes no number twice.
        await using (var log = await OpenAsync(options)) await log.RecordAsync(Event("three"));
        Assert.Equal((AuditFault.Dropped, 5L, 7L), Verify(_copies.Path).Findings.Select(f => (f.Fault, f.Record!.Value, f.Through!.Value)).Single());
        await using (var log = await OpenAsync(s_node with { CopyTo = null })) await log.RecordAsync(Event("four"));
        Assert.Single(Verify(_copies.Path).Findings);
    }

    [Fact]
    public async Task A_record_that_cannot_be_written_is_counted_and_the_gap_recorded_when_it_can()
    {
        await using var log = await OpenAsync();
        await log.RecordAsync(Event("one"));
        File.Move(Place.Log, $"{Place.Log}.away");
        Directory.CreateDirectory(Place.Log);

        Assert.Null(await log.RecordAsync(Event("two")));
        Assert.Null(await log.RecordAsync(Event("three") with { Kind = AuditKind.View }));
        Assert.Equal(2, log.Lost);
        Assert.Contains("free some space", log.Problem, StringComparison.Ordinal);
        Directory.Delete(Place.Log);
        File.Move($"{Place.Log}.away", Place.Log);
        Assert.NotNull(await log.RecordAsync(Event("four")));

        Assert.Equal((0, null), (log.Lost, log.Problem));
        Assert.True(Verify().IsWhole, AuditSample.Text(Verify().Findings));
        Assert.Contains(AuditReader.Read(Place, new AuditFilter(Action: "gap")), r => r.Event.Details!.EndsWith("1 view, 1 change", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Old_files_are_deleted_behind_a_signed_statement_and_none_without()
    {
        var options = s_node with { RotateBytes = 2_000 };
        await using (var log = await OpenAsync(options))
            for (var i = 0; i < 30; i++) await log.RecordAsync(Event($"{i}"));
        var old = Place.Rotated().Count;
        _clock.Move(TimeSpan.FromDays(1827));

        await using (var log = await OpenAsync(options)) await log.RecordAsync(Event("young"));

        Assert.InRange(Place.Rotated().Count, 0, old - 1);
        var report = Verify();
        Assert.True(report.IsWhole, AuditSample.Text(report.Findings));
        Assert.InRange(report.First, 20, 40);
        File.Delete(Place.Checkpoints);
        Assert.Contains(Verify().Findings, f => f is { Fault: AuditFault.Dropped, Record: 1 });
    }

    [Fact]
    public async Task A_site_that_limits_the_audit_has_it_put_aside_and_deleted_in_wholes_behind_a_statement_that_says_why()
    {
        var isDoubted = false;
        AuditLimit Limit(DateTimeOffset now) => new(isDoubted, now - TimeSpan.FromDays(60), AuditLimit.SpanOf(TimeSpan.FromDays(60)), "kept as long as the file of site a says (60 days)");
        var options = s_node with { Limit = Limit };
        // A record each day: files of three days, of which each goes when its first record is 60 days old.
        for (var day = 0; day < 100; day++, _clock.Move(TimeSpan.FromDays(1)))
        {
            await using var log = await OpenAsync(options);
            await log.RecordAsync(Event($"day {day}"));
            Assert.True(Verify().IsWhole, $"day {day}: {AuditSample.Text(Verify().Findings)}");
        }

        _clock.Move(TimeSpan.FromDays(-1));
        var oldest = AuditReader.Read(Place, new AuditFilter()).Min(r => r.Time);
        Assert.InRange(_clock.GetUtcNow() - oldest, TimeSpan.FromDays(56), TimeSpan.FromDays(60));
        Assert.Contains("\"statement\":\"deleted\"", File.ReadAllText(Place.Checkpoints), StringComparison.Ordinal);
        Assert.Contains("\"from\":1,\"why\":\"kept as long as the file of site a says (60 days)\"", File.ReadAllText(Place.Checkpoints), StringComparison.Ordinal);
        Assert.Contains(AuditReader.Read(Place, new AuditFilter(Action: "old records deleted")), r => r.Event.Details!.Contains("site a", StringComparison.Ordinal));

        // Ahead by a year, and doubted: nothing goes.
        isDoubted = true;
        var before = AuditReader.Read(Place, new AuditFilter()).Count();
        _clock.Move(TimeSpan.FromDays(4000));
        await using (var log = await OpenAsync(options)) await log.RecordAsync(Event("ahead"));
        Assert.InRange(AuditReader.Read(Place, new AuditFilter()).Count(), before + 1, before + 10);

        // What the statement says is signed.
        var text = File.ReadAllText(Place.Checkpoints);
        File.WriteAllText(Place.Checkpoints, text.Replace("(60 days)", "(61 days)", StringComparison.Ordinal));
        Assert.Contains(Verify().Findings, f => f.Fault == AuditFault.BadStatement);
    }

    [Fact]
    public async Task A_lost_key_is_followed_by_a_new_one_and_a_foreign_key_does_not_count()
    {
        await using (var log = await OpenAsync(s_node)) await log.RecordAsync(Event("one"));
        var known = Path.Combine(_copies.Path, "kept.pub");
        File.Copy(Place.PublicKey, known);
        File.Delete(Place.Key);
        await using (var log = await OpenAsync(s_node)) await log.RecordAsync(Event("two"));

        var report = Verify();
        Assert.True(report.IsWhole, AuditSample.Text(report.Findings));
        Assert.Equal(2, report.Keys.Count);
        Assert.Equal(2, AuditReader.Read(Place, new AuditFilter(Action: "new key")).Count());
        Assert.Contains(AuditReader.Verify(Place, [], known).Findings, f => f.Fault == AuditFault.BadStatement && f.What.Contains("not among those given", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Commands_of_operators_are_recorded_when_they_begin_and_when_they_end()
    {
        await using (var log = await OpenAsync())
        {
            var trail = new ChainedAuditTrail(new AuditTrail(() => null), () => log);
            var number = await trail.BeginAsync(new RecordCommand(new Principal("anna", "account[operator]:anna"), "camera restart cam1", "kokandori"));
            trail.End(number!.Value, "failed: it is away");
            trail.End(number.Value, "twice");
        }

        var records = AuditReader.Read(Place, new AuditFilter(Kind: AuditKind.Command)).ToList();
        Assert.Equal(["begun", "failed: it is away"], records.Select(r => r.Event.Outcome));
        Assert.Equal(records[0].Number, records[1].Event.Of);
        Assert.Equal(["account[operator]:anna"], records.Select(r => r.Event.Account).Distinct());
    }

    public void Dispose()
    {
        _folder.Dispose();
        _copies.Dispose();
    }

    private Task<AuditLog> OpenAsync(AuditOptions? options = null) => AuditLog.OpenAsync(_folder.Path, options ?? new AuditOptions(), _clock);

    private AuditReport Verify(params string[] copies) => AuditReader.Verify(Place, copies, null);

    private static AuditEvent Event(string action) => new(AuditKind.Change, "anna", "account[custodian]:anna", action, "this node");
}

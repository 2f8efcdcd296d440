using System.Diagnostics;
using System.Globalization;
using System.Net;
using System.Text.Json;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Node;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Vault;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Web.Pages.Custody;
using Xunit;

namespace TrafficFlow.SystemTests.Experiment;

/// <summary>
/// A whole experiment under its guideline, from the first notice to the receipt of the last erasure: inspections, a request of the public, a disk that is carried, a look from afar, an operator who leaves. Two real nodes,
/// on a clock that goes over two months in minutes.
/// </summary>
[Collection(ProcessesCollection.Name)]
public sealed partial class ExperimentTests(ITestOutputHelper output)
{
    private const string Id = "live";

    private static readonly TimeSpan s_japan = TimeSpan.FromHours(9);
    private static readonly DateTimeOffset s_first = new(2027, 4, 1, 9, 0, 0, s_japan);

    private readonly ExperimentPictures _pictures = new();
    private Installation _place = null!;

    [Fact]
    public async Task From_the_first_notice_to_the_last_receipt()
    {
        await using var pictures = _pictures;
        await using var place = _place = await Installation.CreateAsync(SiteOf(30), Id, s_first);
        var (roadside, server) = (place.Roadside, place.Server);
        await PrepareAsync();
        await place.StartAsync();
        await place.UntilAsync(() => Segments(roadside) > 3, "pictures are recorded");
        Assert.Contains("whole", await place.RunAsync(roadside, "vault", "list", "--site", Id));
        var asked = FirstWhole(await place.RunAsync(roadside, "vault", "list", "--site", Id));

        await place.GoToAsync(s_first.AddDays(14));
        await InspectAsync();
        await CarryAsync();
        await AnswerRequestAsync(asked);
        await LookFromAfarAsync();
        await DismissAsync();

        await place.GoToAsync(s_first.AddDays(20));
        await ChangePolicyAsync();

        await place.GoToAsync(s_first.AddDays(45));
        await AgeAsync();

        await place.GoToAsync(s_first.AddDays(61));
        await EndAsync();
        await place.StopAsync();
    }

    /// <summary>Persons, keys, trust and the notice, before anything is measured.</summary>
    private async Task PrepareAsync()
    {
        var (roadside, server) = (_place.Roadside, _place.Server);
        (string Person, string Duty, string Account, Role Role)[] persons =
            [("管理 花子", "custodian", "hanako", Role.Custodian), ("管理 次郎", "custodian", "jiro", Role.Custodian), ("操作 太郎", "operator", "taro", Role.Operator), ("操作 三郎", "operator", "saburo", Role.Operator)];
        foreach (var node in new[] { roadside, server })
        {
            var accounts = AccountStore.Open(node.Data, new AheadClock(_place));
            foreach (var (person, duty, account, role) in node == server ? persons : persons[..2])
            {
                await accounts.AcceptAsync((await accounts.CreateAsync(account, [role], "test")).Text, VaultFolder.GoodPassword);
                await _place.RunAsync(node, "custody", "person", "appoint", person, "--duty", duty, "--account", account);
            }

            await _place.RunAsync(node, "vault", "init", "--credential", node.Credential);
            await _place.RunAsync(node, "vault", "identity", "--out", IdentityOf(node));
        }

        foreach (var (node, other) in new[] { (roadside, server), (server, roadside) })
        {
            var fingerprint = Fingerprint().Match(await File.ReadAllTextAsync(IdentityOf(other))).Value;
            await ByTwoAsync(node, "vault", "trust", IdentityOf(other), "--fingerprint", fingerprint);
        }

        await _place.RunAsync(server, "notice", "publish", "--site", _place.Site);
        Assert.Contains("2027-04-01", await _place.RunAsync(server, "notice", "list", "--site", _place.Site));
        Assert.DoesNotContain("has changed", await _place.RunAsync(server, "notice", "list", "--site", _place.Site));
    }

    /// <summary>Two weeks later it is due, an operator goes to the place, and what was found is recorded and printed.</summary>
    private async Task InspectAsync()
    {
        using var taro = await _place.SignInAsync("taro");
        var due = await taro.TextAsync("/custody/inspections");
        Assert.Contains("2027-04-15", due);
        await taro.PostAsync("/custody/inspections/record", [("site", Id), ("kind", "hand-carry"), .. InspectionPlan.ItemsOf(InspectionKind.HandCarry).Select(i => ($"result-{CustodyForm.Word(i)}", "ok"))]);
        var paper = await taro.TextAsync("/custody/inspections/i1/record/html");
        Assert.Contains("操作 太郎", paper);
        await _pictures.KeepAsync("2-inspection.html", paper);
        await _pictures.TakeAsync("2-inspections", _place.Address, taro, "/custody/inspections");
        // Two weeks on is a holiday.
        Assert.Contains("2027-04-28", await taro.TextAsync("/custody/inspections"));
    }

    /// <summary>What was recorded in two weeks goes to the server on a disk, and from the roadside once the server has confirmed it.</summary>
    private async Task CarryAsync()
    {
        var (roadside, server) = (_place.Roadside, _place.Server);
        var until = s_first.AddDays(1).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        var before = Whole(await _place.RunAsync(roadside, "vault", "list", "--site", Id, "--to", until));
        Assert.NotEmpty(before);
        await ByTwoAsync(roadside, "vault", "export", "--for", server.Address, "--into", _place.Disk, "--site", Id, "--to", until);
        var volume = Assert.Single(Directory.GetDirectories(_place.Disk));
        await _place.RunAsync(server, "vault", "import", volume);
        await ByTwoAsync(roadside, "vault", "confirm", Path.Combine(volume, "CONFIRMATION"));

        Assert.Equal(before, Whole(await _place.RunAsync(server, "vault", "list", "--site", Id)));
        Assert.Empty(Whole(await _place.RunAsync(roadside, "vault", "list", "--site", Id, "--to", until)));
        await VerifyReceiptsAsync(roadside, 1);
        Assert.Contains("jiro", await _place.RunAsync(roadside, "audit", "show"));
    }

    /// <summary>Somebody of the public asks for the erasure of a time; it is found where it is by now, erased by two persons, and answered with the receipt.</summary>
    private async Task AnswerRequestAsync(DateTimeOffset asked)
    {
        using var hanako = await _place.SignInAsync("hanako");
        using var jiro = await _place.SignInAsync("jiro");
        var (from, to) = (asked.ToOffset(s_japan), asked.AddSeconds(60).ToOffset(s_japan));
        await hanako.PostAsync(
            "/custody/requests/receive", ("kind", "erasure"), ("received", "2027-04-15"), ("site", Id), ("camera", "cam1"), ("from", $"{from:yyyy-MM-ddTHH:mm}"), ("to", $"{to.AddMinutes(1):yyyy-MM-ddTHH:mm}"),
            ("subject", "自宅前を通った時間"), ("name", "請求 一郎"), ("address", "川崎市"));
        await hanako.PostAsync("/custody/requests/assign", ("id", "q1"), ("handler", "hanako"));
        Assert.Contains("this takes two persons here", await hanako.RefusedAsync("/custody/requests/erase", ("id", "q1")));
        await _pictures.TakeAsync("4-approval", _place.Address, jiro, "/custody");
        await ApproveAsync(jiro);
        await hanako.PostAsync("/custody/requests/erase", ("id", "q1"));
        await hanako.PostAsync("/custody/requests/answer", ("id", "q1"), ("outcome", "granted"), ("text", "請求のあった時間の記録を消去しました。"), ("refusal", ""));
        var letter = await hanako.TextAsync("/custody/requests/q1/letter/ja/html");
        Assert.Contains("請求 一郎", letter);
        await _pictures.KeepAsync("4-letter.html", letter);
        await _pictures.TakeAsync("4-request", _place.Address, hanako, "/custody/requests/q1");
        await _pictures.TakeAsync("4-receipts", _place.Address, hanako, "/custody/receipts");
        await _pictures.TakeAsync("4-copies", _place.Address, hanako, "/custody/copies");
        Assert.Contains("請求のあった時間の記録を消去しました。", letter);
        await hanako.PostAsync("/custody/requests/close", ("id", "q1"), ("note", ""));
        await VerifyReceiptsAsync(_place.Server, 1);
        Assert.DoesNotContain("請求 一郎", await _place.RunAsync(_place.Server, "audit", "show"));
    }

    /// <summary>What lies at the roadside is played on the server's page, and stands in the audits of both.</summary>
    private async Task LookFromAfarAsync()
    {
        using var hanako = await _place.SignInAsync("hanako");
        var list = Whole(await _place.RunAsync(_place.Roadside, "vault", "list", "--site", Id));
        var parts = list[0].Split('/');
        var looked = $"/custody/recordings?site={Id}&camera=cam1&day={_place.Now.ToOffset(s_japan):yyyy-MM-dd}&at={SegmentTime(list[0]).ToOffset(s_japan):HH:mm:ss}";
        Assert.Equal(HttpStatusCode.OK, await hanako.StatusAsync(looked));
        await _pictures.TakeAsync("5-recordings", _place.Address, hanako, looked, seen: "main video");
        var video = $"/custody/recordings/{Uri.EscapeDataString(_place.Roadside.Address)}/{parts[0]}/{parts[1]}/{parts[2]}/video";
        var film = Path.Combine(_place.Disk, "..", "seen.mp4");
        await File.WriteAllBytesAsync(film, await hanako.BytesAsync(video), TestContext.Current.CancellationToken);
        Assert.StartsWith("h264", await Tools.RunAsync("ffprobe", "-v", "error", "-select_streams", "v", "-show_entries", "stream=codec_name", "-of", "csv=p=0", film));
        Assert.Contains("recording play", await _place.RunAsync(_place.Server, "audit", "show"));
        Assert.Contains("hanako", await _place.RunAsync(_place.Roadside, "audit", "show"));
        // Nothing of it is kept where it was seen.
        var content = await File.ReadAllBytesAsync(film, TestContext.Current.CancellationToken);
        foreach (var file in Directory.GetFiles(_place.Server.Data, "*", SearchOption.AllDirectories).Where(f => new FileInfo(f).Length > 0))
            Assert.True((await File.ReadAllBytesAsync(file, TestContext.Current.CancellationToken)).AsSpan().IndexOf(content.AsSpan(content.Length / 2, 64)) < 0, file);
    }

    /// <summary>An operator leaves, and is out at once.</summary>
    private async Task DismissAsync()
    {
        using var hanako = await _place.SignInAsync("hanako");
        using var saburo = await _place.SignInAsync("saburo");
        Assert.Equal(HttpStatusCode.OK, await saburo.StatusAsync("/custody"));
        await hanako.PostAsync("/custody/persons/dismiss", ("id", "a4"), ("effective", ""), ("reason", "契約満了"));
        Assert.Equal(HttpStatusCode.Redirect, await saburo.StatusAsync("/custody"));
        Assert.Null(await PageSession.TryAsync(_place.Address, "saburo"));
        await _pictures.TakeAsync("6-persons", _place.Address, hanako, "/custody/persons");
    }

    /// <summary>The site keeps pictures for a shorter time from now on, and says so only when it has published that.</summary>
    private async Task ChangePolicyAsync()
    {
        await _place.StopAsync();
        await File.WriteAllTextAsync(_place.Site, SiteOf(20), TestContext.Current.CancellationToken);
        var listed = await _place.TryAsync(_place.Server, null, "notice", "list", "--site", _place.Site);
        Assert.Contains("changed", listed.Output + listed.Error, StringComparison.OrdinalIgnoreCase);
        await _place.RunAsync(_place.Server, "notice", "publish", "--site", _place.Site);
        var now = await _place.TryAsync(_place.Server, null, "notice", "list", "--site", _place.Site);
        Assert.Equal(ExitCodes.Done, now.Code);
        Assert.Contains("2027-04-21", now.Output);
        Assert.Contains("20 days", await _place.RunAsync(_place.Server, "custody", "policies", "list"));
        await _place.StartAsync();
    }

    /// <summary>What is older than the site allows goes by itself, once somebody answers for a clock that was away for weeks.</summary>
    private async Task AgeAsync()
    {
        var roadside = _place.Roadside;
        var old = s_first.AddDays(19).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);
        Assert.NotEmpty(Whole(await _place.RunAsync(roadside, "vault", "list", "--site", Id, "--to", old)));
        await ByTwoAsync(roadside, "custody", "clock", "confirm", "--reason", "電波時計と照合");
        await _place.StopAsync();
        await _place.StartAsync();
        await _place.UntilAsync(() => Receipts(roadside).Count() > 1, "what reached its age was erased");
        Assert.Empty(Whole(await _place.RunAsync(roadside, "vault", "list", "--site", Id, "--to", old)));
        Assert.Contains("20", await _place.RunAsync(roadside, "custody", "retention"));
    }

    /// <summary>After the last day nothing is recorded; both nodes are ended by two persons, and the report says what went and what is left.</summary>
    private async Task EndAsync()
    {
        foreach (var node in new[] { _place.Roadside, _place.Server })
        {
            var before = Receipts(node).Count();
            await ByTwoAsync(node, "custody", "end", "--site", Id, "--reason", "計測期間の終了", "--yes");
            Assert.Empty(Whole(await _place.RunAsync(node, "vault", "list", "--site", Id)));
            var report = Assert.Single(Directory.GetFiles(Path.Combine(node.Data, "vault", "ends"), "*.report", SearchOption.AllDirectories));
            var genuine = await _place.RunAsync(node, "custody", "verify-report", report, "--key", Path.Combine(node.Data, "audit.pub"));
            output.WriteLine(genuine);
            Assert.StartsWith("Genuine", genuine, StringComparison.Ordinal);
            foreach (var receipt in Receipts(node)) Assert.Contains(Path.GetFileNameWithoutExtension(receipt), genuine, StringComparison.Ordinal);
            var paper = await File.ReadAllTextAsync(Assert.Single(Directory.GetFiles(Path.GetDirectoryName(report)!, "*.ja.html")));
            Assert.Contains("管理", paper);
            await _pictures.KeepAsync($"9-report-{node.Name}.html", paper);
            Assert.Empty(Directory.GetFiles(Path.Combine(node.Data, "vault"), "*.tfs", SearchOption.AllDirectories));
            await VerifyReceiptsAsync(node, before);
            Assert.Contains("ended", await _place.RunAsync(node, "custody", "end", "--site", Id, "--reason", "once more", "--yes"));
            Assert.StartsWith("Whole:", await _place.RunAsync(node, "audit", "verify"), StringComparison.Ordinal);
        }

        Assert.Null(await PageSession.TryAsync(_place.Address, "taro"));
        using var custodian = await _place.SignInAsync("hanako");
        await _pictures.TakeAsync("9-custody", _place.Address, custodian, "/custody");
        await _pictures.TakeAsync("9-notices", _place.Address, custodian, "/notices");
    }

    /// <summary>One person asks, another one approves, the first does it: at a terminal.</summary>
    private async Task ByTwoAsync(InstalledNode node, params string[] words)
    {
        var asked = await _place.TryAsync(node, $"{VaultFolder.GoodPassword}\n", [.. words, "--as", "hanako"]);
        var id = RequestId().Match(asked.Error).Value;
        Assert.True(asked.Code == ExitCodes.BadUsage && id.Length > 0, $"{string.Join(' ', words)} ended with {asked.Code}: {asked.Error}{asked.Output}");
        using var approvals = JsonDocument.Parse(await _place.RunAsync(node, "custody", "approvals", "list", "--json"));
        var sha256 = approvals.RootElement.GetProperty("approvals").EnumerateArray().Single(a => a.GetProperty("id").GetString() == id).GetProperty("sha256").GetString()!;
        var own = await _place.TryAsync(node, $"{VaultFolder.GoodPassword}\n", "custody", "approval", "approve", id, "--as", "hanako", "--sha256", sha256);
        Assert.Contains("another person", own.Error, StringComparison.Ordinal);
        var approved = await _place.TryAsync(node, $"{VaultFolder.GoodPassword}\n", "custody", "approval", "approve", id, "--as", "jiro", "--sha256", sha256);
        Assert.True(approved.Code == ExitCodes.Done, approved.Error);
        var done = await _place.TryAsync(node, $"{VaultFolder.GoodPassword}\n", [.. words, "--as", "hanako"]);
        Assert.True(done.Code == ExitCodes.Done, $"{string.Join(' ', words)} ended with {done.Code}: {done.Error}{done.Output}");
    }

    /// <summary>The one that waits at the server, on its page.</summary>
    private async Task ApproveAsync(PageSession custodian)
    {
        using var approvals = JsonDocument.Parse(await _place.RunAsync(_place.Server, "custody", "approvals", "list", "--json"));
        var waits = approvals.RootElement.GetProperty("approvals").EnumerateArray().Single(a => a.GetProperty("state").GetString() == "requested");
        var (id, sha256) = (waits.GetProperty("id").GetString()!, waits.GetProperty("sha256").GetString()!);
        Assert.Contains(sha256, await custodian.TextAsync("/custody"));
        await custodian.PostAsync("/custody/approvals/approve", ("id", id), ("sha256", sha256));
    }

    private async Task VerifyReceiptsAsync(InstalledNode node, int least)
    {
        var receipts = Receipts(node).ToList();
        Assert.True(receipts.Count >= least, $"{receipts.Count} receipts at {node.Name}");
        foreach (var receipt in receipts) Assert.StartsWith("Genuine", await _place.RunAsync(node, "vault", "verify-receipt", receipt, "--key", Path.Combine(node.Data, "audit.pub")), StringComparison.Ordinal);
    }

    private static IEnumerable<string> Receipts(InstalledNode node) => Directory.Exists(Path.Combine(node.Data, "vault", "receipts")) ? Directory.EnumerateFiles(Path.Combine(node.Data, "vault", "receipts"), "*.receipt") : [];

    private string IdentityOf(InstalledNode node) => Path.Combine(Path.GetDirectoryName(_place.Site)!, $"{node.Name}.identity");

    private static int Segments(InstalledNode node) => Directory.GetFiles(Path.Combine(node.Data, "vault"), "*.tfs", SearchOption.AllDirectories).Length;

    private static List<string> Whole(string list) => [.. list.Split('\n').Where(l => l.Contains("\twhole\t", StringComparison.Ordinal)).Select(l => l.Split('\t')[0]).Order(StringComparer.Ordinal)];

    private static DateTimeOffset FirstWhole(string list) => SegmentTime(Whole(list)[0]);

    private static DateTimeOffset SegmentTime(string place) => TrafficFlow.Vault.Segments.SegmentPlace.TimeOf(place[(place.LastIndexOf('/') + 1)..])!.Value;

    [GeneratedRegex("[0-9a-f]{4}(-[0-9a-f]{4}){7,}")]
    private static partial Regex Fingerprint();

    [GeneratedRegex(@"\br\d+\b")]
    private static partial Regex RequestId();

    private sealed class AheadClock(Installation place) : TimeProvider
    {
        public override DateTimeOffset GetUtcNow() => place.Now;
    }

    private static string SiteOf(int days) => $$"""
        trafficflow.site {
          id = {{Id}}, name = "産業道路 交差点", time-zone = "Asia/Tokyo"
          approaches { north {}, east {}, south {}, west {} }
          recording { record = on, segment = 5s }
          custody {
            operator { name { ja = "交通計測協議会", en = "Traffic Measurement Council" }, telephone = "044-000-0000" }
            purposes = [{ ja = "交通量の把握", en = "to know the traffic" }]
            experiment { from = "2027-04-01", until = "2027-05-31" }
            retention { pictures { max-age = {{days}}d, keep-until = "2027-05-31" } }
            two-person-rule = both
            inspections { from = "2027-04-15", hand-carry-weeks = 2, each-working-day = off }
            requests { answer-within-days = 14 }
          }
          cameras {
            cam1 {
              source = "synthetic:north"
              frame { width = 320, height = 180, fps = 5 }
              detector = motion
              gates {
                in { from = [0.4778, 0.3960], to = [0.6668, 0.3952], forward = { enters = north } }
                through { from = [0.5605, 0.6958], to = [0.8056, 0.6943], forward = { exits = south } }
              }
            }
          }
        }

        """;
}

using System.Text.RegularExpressions;
using TrafficFlow.Core.Custody;
using TrafficFlow.Core.Sites;
using TrafficFlow.Node.Report;
using TrafficFlow.Vault.Endings;
using TrafficFlow.Vault.Erasure;
using TrafficFlow.Web.Pages.Custody;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>The report of an end as a paper, wholly in its language, whatever the signed file says in English.</summary>
public sealed partial class EndPaperTests
{
    private static readonly TimeZoneInfo s_tokyo = TimeZoneInfo.FindSystemTimeZoneById("Asia/Tokyo");
    private static readonly DateTimeOffset s_noon = new(2027, 6, 1, 3, 0, 0, TimeSpan.Zero);
    private static readonly EraseScope s_scope = new(new SiteId("kokandori"), new CameraId("cam1"), s_noon.AddDays(-30), s_noon.AddDays(-29));

    public static TheoryData<string, bool?, bool?, bool> Media()
    {
        var data = new TheoryData<string, bool?, bool?, bool>();
        foreach (var system in new[] { "ext4", "xfs", "btrfs", "tmpfs", "ntfs", "" })
        {
            foreach (var flash in new bool?[] { true, false, null }) data.Add(system, flash, flash, flash == true);
        }

        return data;
    }

    [Theory]
    [MemberData(nameof(Media))]
    public void Whatever_a_receipt_leaves_open_is_said_in_japanese(string system, bool? flash, bool? encrypted, bool master)
    {
        var proofs = new ErasureProofs { ClosedDays = { "kokandori/cam1 2027-05-01" }, NotRenewed = { "kokandori" } };
        foreach (var segments in new[] { 0, 1 })
        {
            var said = proofs.NotProved(Plan(segments, master), new MediumFacts(system, flash, encrypted, ""));
            Assert.NotEmpty(said);
            Assert.All(said, s => Assert.DoesNotMatch(English(), SignedSentences.In("ja", s)));
            Assert.Equal(said, said.Select(s => SignedSentences.In("en", s)));
        }
    }

    [Theory]
    [InlineData("site kokandori", "地点 kokandori", "site kokandori")]
    [InlineData("all sites", "全地点", "all sites")]
    [InlineData("camera cam1 of site kokandori from 2027-05-02T03:00:00Z to 2027-05-03T03:00:00+00:00", "地点 kokandori のカメラ cam1、2027-05-02 12:00:00 – 2027-05-03 12:00:00", "camera cam1 of site kokandori, 2027-05-02 12:00:00 – 2027-05-03 12:00:00")]
    [InlineData("site kokandori to 2027-05-03T03:00:00Z", "地点 kokandori、2027-05-03 12:00:00 まで", "site kokandori, to 2027-05-03 12:00:00")]
    [InlineData("written by a hand", "written by a hand", "written by a hand")]
    public void A_scope_is_told_by_the_clock_of_the_site(string scope, string japanese, string english) =>
        Assert.Equal((japanese, english), (SignedSentences.ScopeIn("ja", scope, s_tokyo), SignedSentences.ScopeIn("en", scope, s_tokyo)));

    [Fact]
    public void Every_rule_of_retention_is_told_in_japanese()
    {
        foreach (var age in new TimeSpan?[] { null, TimeSpan.FromHours(12), TimeSpan.FromDays(20) })
        {
            foreach (var day in new DateOnly?[] { null, new(2027, 5, 31) }) Assert.DoesNotMatch(English(), SignedSentences.In("ja", new KeepRule(age, day).ToString()));
        }
    }

    [Theory]
    [InlineData("ja")]
    [InlineData("en")]
    public async Task The_report_is_in_one_language_and_leaves_no_row_empty(string language)
    {
        var html = await EndHtml.WriteAsync(Report(), new string('a', 64), language, s_tokyo);

        var text = Tags().Replace(html[html.IndexOf("<body>", StringComparison.Ordinal)..], " ");
        if (language == "ja") Assert.DoesNotMatch(English(), text);
        else Assert.DoesNotMatch("[\u3041-\u30ff]", text);
        Assert.DoesNotMatch(@"<td[^>]*>\s*</td>", html);
        Assert.Contains("2027-05-02 12:00:00 – 2027-05-03 12:00:00", text, StringComparison.Ordinal);
        if (Environment.GetEnvironmentVariable("TRAFFICFLOW_PAPERS") is { } folder && WeasyPrinter.Missing() is null)
            await File.WriteAllBytesAsync(Path.Combine(folder, $"end-{language}.pdf"), await new WeasyPrinter(TimeProvider.System).PrintAsync(html, TestContext.Current.CancellationToken), TestContext.Current.CancellationToken);
    }

    private static EndReport Report()
    {
        BilingualText Text(string japanese, string english) => new(japanese, english);
        var proofs = new ErasureProofs();
        EndedStep[] steps =
        [
            new(EndStep.Recording, s_noon, [Text("地点 kokandori の記録を停止しました。", "nothing of site kokandori is recorded any more")], []),
            new(EndStep.Pictures, s_noon, [Text("an erasure that was cut is ended: receipt 20270601T030000Z-1a2b3c4d", "an erasure that was cut is ended: receipt 20270601T030000Z-1a2b3c4d"), Text("記録画像3区間を鍵ごと消去しました（消去証明書 20270601T030000Z-2a54a13b）。", "3 segments were erased with their keys: receipt 20270601T030000Z-2a54a13b")], []),
            new(EndStep.Kinds, s_noon, [], [Text("kokandoriの計測値には保存期間の定めがなく、残ります。", "counts of kokandori stay")]),
            new(EndStep.Copies, s_noon, [Text("廃棄済みの複製は1件です。", "1 copy has ended")], [Text($"複製 copy-1（{SignedSentences.In("ja", "2 volumes of bundle 20270415T000021Z-41933dbd for server.example.jp:4053, encrypted to its key")}、作成 hanako）は未廃棄です。", "copy-1 has not ended")]),
            new(EndStep.Tokens, s_noon, [], []),
            new(EndStep.Persons, s_noon, [Text("操作担当者 操作 太郎 を解任しました。", "operator Taro is dismissed")], []),
        ];
        var end = new EndState("20270601-1a2b3c4d", new SiteId("kokandori"), "2027-05-31", "hanako", "hanako", "r7", s_noon, steps, s_noon);
        return new EndReport(
            EndReport.FormatOfNow, end, "roadside.example.jp:4053", s_noon.AddMinutes(1), [new EndedSite("kokandori", "")],
            [new EndedKind("kokandori", KeptKind.Pictures, new KeepRule(TimeSpan.FromDays(20), new DateOnly(2027, 5, 31)).ToString(), s_noon), new EndedKind("kokandori", KeptKind.Counts, "", null)],
            [.. Enumerable.Range(0, 12).Select(i => new EndedReceipt($"2027060{i % 9}T030000Z-2a54a13{i % 10}", s_noon.AddDays(-i), i == 0 ? "site kokandori" : s_scope.ToString(), 1440 * i, 2, new string('0', 64)))],
            [new LegalHold("hold-1", s_scope, "2027-05", "hanako", s_noon, s_noon.AddDays(40), null, null)],
            [
                new CopyEntry("copy-1", CopyKind.Bundle, s_scope, s_noon, "hanako", "2 volumes of bundle 20270415T000021Z-41933dbd for server.example.jp:4053, encrypted to its key", s_noon.AddDays(3), null, null),
                new CopyEntry("copy-2", CopyKind.Export, s_scope, s_noon, "hanako", "in clear, /mnt/a.mp4", s_noon.AddDays(3), s_noon, "it was never written: cancelled by the end of the experiment"),
            ],
            71)
        {
            NotProved = [.. proofs.NotProved(Plan(1, master: false), new MediumFacts("ext4", true, true, ""))],
        };
    }

    private static ErasurePlan Plan(int segments, bool master) => new(
        "20270601T030000Z-1a2b3c4d", new EraseOrder(s_scope, "x", "x", "x"), s_noon, 3, [], [.. Enumerable.Repeat(new ErasedSegment("kokandori/cam1/20270501T030000.000Z", s_noon, null, 1, 1, ""), segments)], [],
        master ? new ErasedKey("master", "m1") : null, new Dictionary<string, byte[]>());

    /// <summary>Three words of it in a row: names, addresses, commands of the program and units stand in Japanese papers too.</summary>
    [GeneratedRegex(@"(?<![\w./-])(?!trafficflow )[A-Za-z]{2,} (?!vault )[A-Za-z]{2,} [A-Za-z]{2,}", RegexOptions.CultureInvariant)]
    private static partial Regex English();

    [GeneratedRegex("<[^>]*>")]
    private static partial Regex Tags();
}

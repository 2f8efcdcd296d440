using System.Net;
using System.Text.RegularExpressions;
using TrafficFlow.Core.Counting;
using TrafficFlow.Core.Detection;
using TrafficFlow.Node.Score;
using TrafficFlow.SystemTests.Processes;
using TrafficFlow.SystemTests.Settings;
using Xunit;

namespace TrafficFlow.SystemTests.Mark;

/// <summary>The page of a running `trafficflow mark`, as a browser asks for it, and as others do.</summary>
[Collection(ProcessesCollection.Other)]
public sealed partial class MarkVerbTests : IDisposable
{
    private const string Header = "gate,direction,time_s,class,size,optional\n";

    /// <summary>What a page may send that is wrong, and a part of the answer.</summary>
    private static readonly (string Body, string Complaint)[] s_bad =
    [
        ("""[{"gate":"in","direction":"forward","time":1,"colour":"pink"}]""", "no colour"),
        ("""[{"gate":"nowhere","direction":"forward","time":1}]""", "no gate nowhere"),
        ("""[{"gate":"in","direction":"up","time":1}]""", "no direction"),
        ("""[{"gate":"in","direction":"forward","time":1e9}]""", "outside the clip"),
        ("""[{"gate":"in","direction":"forward","time":1,"class":"tram"}]""", "no class"),
        ("nonsense", "cannot be read"),
        ("", "cannot be read"),
        ("null", "no list of marks"),
        ("[null]", "null is no mark"),
        ("[[]]", "cannot be read"),
        ("{}", "cannot be read"),
        ("""[{}]""", "no gate null"),
        ("""[{"gate":"in","direction":"forward","time":null}]""", "cannot be read"),
        ("""[{"gate":"in","direction":"forward","time":1e999}]""", "outside the clip"),
        ("""[{"gate":"in","direction":"forward","time":1,"optional":"yes"}]""", "cannot be read"),
        ("""[{"gate":"in","direction":"forward","time":1,"size":"huge"}]""", "no size"),
        ("""[{"gate":"in","direction":"forward","time":1,"movement":"=cmd()"}]""", "no movement that the file had"),
        ("""[{"gate":"in","direction":"forward","time":1,"lighting":"night"}]""", "no lighting that the file had"),
        ("""[{"gate":"in","direction":"forward","time":1,"speedKmh":-1}]""", "no speed"),
        ("""[{"gate":"in","direction":"forward","time":1,"speedKmh":1e999}]""", "no speed"),
        ("""[{"gate":"\ud800","direction":"forward","time":1}]""", "cannot be read"),
        ("""[{"gate":"in\u001b[2J","direction":"forward","time":1}]""", "no gate in\\u001b[2J"),
    ];

    private static readonly string s_demo = Path.Combine(AppContext.BaseDirectory, "hocon", "sites", "demo.conf");

    private readonly SettingsFolder _folder = new();
    private readonly HttpClient _client = new();

    private string Truth => Path.Combine(_folder.Path, "truth.csv");

    [Fact]
    public async Task Marks_are_saved_in_the_format_that_score_reads_and_taken_up_again()
    {
        _folder.Write("truth.csv", Header + "in,forward,1.50,passenger_car,small,\n");
        await using var page = await StartAsync();

        Assert.Contains("slit-scan", await GetAsync(page, "./"), StringComparison.Ordinal);
        Assert.Contains("\"time\":1.5", await GetAsync(page, "marks"), StringComparison.Ordinal);
        using var saved = await PutAsync(page, """
            [{"gate":"in","direction":"forward","time":1.5,"class":"bus","size":"","optional":false},
             {"gate":"left","direction":"backward","time":0.25,"class":"","size":"","optional":true}]
            """);
        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);

        var marks = CrossingFiles.ReadTruth(Truth);
        Assert.Equal(Header + "left,backward,0.25,,,1\nin,forward,1.50,bus,large,\n", File.ReadAllText(Truth));
        Assert.Equal((CrossingDirection.Backward, null, true), (marks[0].Direction, marks[0].Class, marks[0].IsOptional));
        Assert.Equal((VehicleClass.Bus, VehicleSize.Large), (marks[1].Class, marks[1].Size));
        using var done = await _client.PostAsync(new Uri(page.Address, "done"), null, TestContext.Current.CancellationToken);
        Assert.Equal(0, (await page.Process.WaitAsync(TimeSpan.FromMinutes(1))).Code);
    }

    [Fact]
    public async Task A_person_marks_with_keys_and_clicks_undoes_and_goes_on_after_a_reload()
    {
        await using var page = await StartAsync(enters: false);
        await using var browser = await Browser.OpenAsync(page.Address);
        await browser.UntilAsync("document.getElementById('gates').children.length > 0 && document.getElementById('time').textContent === '0.00 s'");

        await browser.TypeAsync("ArrowRight", "ArrowRight", "1", "Enter");
        // The next vehicle's class leaves the mark behind as it is; with Caps Lock, keys are the same.
        await browser.TypeAsync("ArrowRight", "4", "D", "Enter", "o", "u", "Tab", "Escape");
        await browser.ClickAsync("scan", right: 4 * 5);
        await browser.UntilAsync("marks.length === 3 && saved === wanted");
        await browser.AskAsync("(window.isOld = true, location.reload())");
        await browser.UntilAsync("!window.isOld && document.getElementById('time').textContent.length > 0 && marks.length === 3");
        Assert.Equal("0.80 s", await browser.AskAsync("document.getElementById('time').textContent"));
        await browser.TypeAsync("u");
        Assert.Equal("nothing to undo", await browser.AskAsync("document.getElementById('state').textContent"));
        await browser.ClickAsync("done");

        Assert.Equal(0, (await page.Process.WaitAsync(TimeSpan.FromMinutes(1))).Code);
        Assert.Equal(Header + "in,forward,0.20,passenger-car,small,\nin,backward,0.30,bus,large,\nleft,backward,0.80,bus,large,\n", File.ReadAllText(Truth));
        Assert.Equal("true", await browser.AskAsync("document.getElementById('done').disabled"));
    }

    [Fact]
    public async Task What_the_page_has_no_key_for_stays_as_it_was()
    {
        const string Row = "in,forward,1.50,passenger-car,small,,red,\"north, inner lane->east\",dusk,38.5\n";
        _folder.Write("truth.csv", "gate,direction,time_s,class,size,optional,colour,movement,lighting,speed_kmh\n" + Row);
        await using var page = await StartAsync();

        // As the page does: it reads all marks, adds one and sends all of them back.
        var marks = await GetAsync(page, "marks");
        using var saved = await PutAsync(page, marks.TrimEnd()[..^1] + """,{"gate":"left","direction":"forward","time":2}]""");

        Assert.Equal(HttpStatusCode.NoContent, saved.StatusCode);
        Assert.Equal(
            "gate,direction,time_s,class,size,optional,colour,movement,lighting,speed_kmh\n" + Row + "left,forward,2.00,,,,,,,\n", File.ReadAllText(Truth));
    }

    [Fact]
    public async Task A_mark_that_cannot_be_changes_nothing()
    {
        await using var page = await StartAsync();
        foreach (var (body, complaint) in s_bad)
        {
            using var refused = await PutAsync(page, body);
            var said = await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
            Assert.True(refused.StatusCode == HttpStatusCode.BadRequest && said.Contains(complaint, StringComparison.Ordinal), $"{body} is answered with {refused.StatusCode}: {said}");
        }

        Assert.False(File.Exists(Truth));
    }

    [Fact]
    public async Task It_serves_pictures_to_its_own_page_only()
    {
        await using var page = await StartAsync();
        foreach (var (path, type) in new[] { ("frame/3", "image/jpeg"), ("scan/in/0/64", "image/png") })
        {
            using var picture = await _client.GetAsync(new Uri(page.Address, path), TestContext.Current.CancellationToken);
            Assert.Equal(type, picture.Content.Headers.ContentType!.MediaType);
            Assert.Equal("no-store", picture.Headers.CacheControl!.ToString());
        }

        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, "frame/100000")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, "/")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, $"/{new string('0', 32)}/clip")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, page.Address.AbsolutePath.TrimEnd('/') + "x/clip")));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, "clip"), r => r.Headers.Host = "rebound.example"));
        Assert.Equal(HttpStatusCode.NotFound, await StatusAsync(new Uri(page.Address, "clip"), r => r.Headers.Add("Origin", "http://elsewhere.example")));
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri(page.Address, "clip")));
        Assert.Equal("127.0.0.1", page.Address.Host);
    }

    [Fact]
    public async Task The_address_lets_one_browser_in_and_nothing_is_open_without_its_cookie()
    {
        await using var page = await StartAsync(enters: false);
        using var other = new HttpClient();
        foreach (var path in new[] { "./", "?code=", $"?code={new string('0', 32)}", "clip", "marks", "frame/3", "scan/in/0/64", $"marks{page.Address.Query}" })
            Assert.Equal(HttpStatusCode.Forbidden, await StatusAsync(new Uri(page.Address, path)));
        using (var emptied = await other.PutAsync(new Uri(page.Address, "marks"), new StringContent("[]"), TestContext.Current.CancellationToken))
            Assert.Equal(HttpStatusCode.Forbidden, emptied.StatusCode);

        using var entered = await _client.GetAsync(page.Address, TestContext.Current.CancellationToken);
        var cookie = Assert.Single(entered.Headers.GetValues("Set-Cookie"));
        Assert.Contains("; httponly", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains("; samesite=strict", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Contains($"; path={page.Address.AbsolutePath};", cookie, StringComparison.OrdinalIgnoreCase);
        Assert.Equal(HttpStatusCode.OK, await StatusAsync(new Uri(page.Address, "clip")));

        using var late = await other.GetAsync(page.Address, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, late.StatusCode);
        Assert.False(late.Headers.Contains("Set-Cookie"));
        Assert.Contains("was used already", await late.Content.ReadAsStringAsync(TestContext.Current.CancellationToken), StringComparison.Ordinal);
        using var without = await other.GetAsync(new Uri(page.Address, "marks"), TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Forbidden, without.StatusCode);
    }

    [Fact]
    public async Task No_command_line_tells_how_to_get_in()
    {
        var programs = Directory.CreateDirectory(Path.Combine(_folder.Path, "bin"));
        var told = Path.Combine(_folder.Path, "told");
        // Stands for the browser: keeps what it was given, and what that file says.
        var opener = Path.Combine(programs.FullName, "xdg-open");
        File.WriteAllText(opener, $"#!/bin/sh\n{{ echo \"$@\"; stat -c %a \"$1\"; cat \"$1\"; }} > '{told}.new' && mv '{told}.new' '{told}'\n");
        File.SetUnixFileMode(opener, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        var command = TrafficflowProcess.Command("mark", "synthetic:north?seconds=2", "--site", s_demo, "--camera", "cam-north", "--out", Truth);
        command.Environment["PATH"] = $"{programs.FullName}:{Environment.GetEnvironmentVariable("PATH")}";
        await using var process = TrafficflowProcess.Start(command);
        await process.UntilAsync(() => File.Exists(told), TimeSpan.FromMinutes(2), "the browser is opened");

        var lines = File.ReadAllLines(told);
        var address = Web().Match(process.Output).Value;
        Assert.DoesNotContain("http", lines[0], StringComparison.Ordinal);
        Assert.Equal("600", lines[1]);
        Assert.Contains($"url={address}\"", lines[2], StringComparison.Ordinal);
        process.Interrupt();
        Assert.Equal(0, (await process.WaitAsync(TimeSpan.FromMinutes(1))).Code);
        Assert.False(File.Exists(lines[0]));
    }

    [Fact]
    public async Task A_clip_that_breaks_off_is_marked_up_to_there()
    {
        var whole = Path.Combine(_folder.Path, "whole.ts");
        await Tools.RunAsync("ffmpeg", "-v", "error", "-f", "lavfi", "-i", "testsrc=s=640x360:r=10:d=4", "-pix_fmt", "yuv420p", "-f", "mpegts", whole);
        var cut = Path.Combine(_folder.Path, "cut.ts");
        var bytes = File.ReadAllBytes(whole);
        File.WriteAllBytes(cut, bytes[..(bytes.Length / 2)]);

        await using var process = TrafficflowProcess.Start("mark", cut, "--site", s_demo, "--camera", "cam-north", "--out", Truth, "--no-browser");
        await process.SayAsync("Only these can be marked", TimeSpan.FromMinutes(1));

        Assert.Contains("ends too early after frame", process.Output, StringComparison.Ordinal);
        process.Interrupt();
        Assert.Equal(0, (await process.WaitAsync(TimeSpan.FromMinutes(1))).Code);
    }

    [Fact]
    public async Task Truth_of_other_gates_is_told_before_anything_is_read()
    {
        _folder.Write("truth.csv", Header + "other,forward,1.50,,,\n");
        var ended = await TrafficflowProcess.RunAsync(["mark", "synthetic:north?seconds=2", "--site", s_demo, "--camera", "cam-north", "--out", Truth, "--no-browser"]);

        Assert.Equal(1, ended.Code);
        Assert.Contains("which the camera does not have", ended.Error, StringComparison.Ordinal);
    }

    public void Dispose()
    {
        _client.Dispose();
        _folder.Dispose();
    }

    /// <param name="enters">Whether the address is used already, by the client of the tests.</param>
    private async Task<Page> StartAsync(bool enters = true)
    {
        var process = TrafficflowProcess.Start("mark", "synthetic:north?seconds=2", "--site", s_demo, "--camera", "cam-north", "--out", Truth, "--no-browser");
        await process.SayAsync("http://", TimeSpan.FromMinutes(2));
        var page = new Page(process, new Uri(Web().Match(process.Output).Value));
        if (enters) (await _client.GetAsync(page.Address, TestContext.Current.CancellationToken)).Dispose();
        return page;
    }

    private Task<string> GetAsync(Page page, string path) => _client.GetStringAsync(new Uri(page.Address, path), TestContext.Current.CancellationToken);

    private Task<HttpResponseMessage> PutAsync(Page page, string body) =>
        _client.PutAsync(new Uri(page.Address, "marks"), new StringContent(body), TestContext.Current.CancellationToken);

    private async Task<HttpStatusCode> StatusAsync(Uri address, Action<HttpRequestMessage>? change = null)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, address);
        change?.Invoke(request);
        using var answer = await _client.SendAsync(request, TestContext.Current.CancellationToken);
        return answer.StatusCode;
    }

    [GeneratedRegex("http://127[^ ]+")]
    private static partial Regex Web();

    private sealed record Page(TrafficflowProcess Process, Uri Address) : IAsyncDisposable
    {
        public ValueTask DisposeAsync() => Process.DisposeAsync();
    }
}

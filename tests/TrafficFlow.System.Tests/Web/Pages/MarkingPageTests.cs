using System.Net;
using Microsoft.AspNetCore.Http;
using TrafficFlow.Core.Sites;
using TrafficFlow.Synthetic;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Web.Access;
using TrafficFlow.Web.Pages.Marking;
using Xunit;

namespace TrafficFlow.SystemTests.Web.Pages;

/// <summary>The marking page among the pages of a node, as browsers ask for it, and as others do.</summary>
public sealed class MarkingPageTests
{
    private const string Page = "/sites/demo/marking/a%20%E5%A4%9C.mp4/";

    private readonly List<AuditEvent> _recorded = [];
    private readonly OpenDesk _desk = new();
    private bool _canRecord = true;

    [Fact]
    public async Task Pictures_and_marks_go_to_operators_alone_and_each_view_is_recorded_once_before_anything_goes_out()
    {
        await using var host = await StartAsync();
        foreach (var role in Enum.GetValues<Role>().Except([Role.Operator]))
            Assert.Equal(HttpStatusCode.Forbidden, (await AskAsync(host, "GET", "frame/0", role)).Status);
        Assert.Empty(_recorded);

        _canRecord = false;
        foreach (var path in new[] { "", "clip", "marks", "frame/0", "scan/g/0/9" })
        {
            var (status, text) = await AskAsync(host, "GET", path);
            Assert.Equal(HttpStatusCode.ServiceUnavailable, status);
            Assert.Contains("the audit of this server cannot be written now", text, StringComparison.Ordinal);
        }

        Assert.Equal(HttpStatusCode.ServiceUnavailable, (await AskAsync(host, "PUT", "marks", body: "[]")).Status);
        Assert.Empty(_desk.Marking.Saved);
        _recorded.Clear();
        _canRecord = true;

        Assert.Equal((HttpStatusCode.OK, "jpeg 3"), await AskAsync(host, "GET", "frame/3"));
        Assert.Equal((HttpStatusCode.OK, "png g 5 9"), await AskAsync(host, "GET", "scan/g/5/9"));
        foreach (var missing in new[] { "frame/4", "frame/-1", "frame/x", "frame/99999999999", "scan/other/0/9", "scan/g/0/0", "scan/g/0/4097", "scan/g/-1/9" })
            Assert.Equal(HttpStatusCode.NotFound, (await AskAsync(host, "GET", missing)).Status);
        var view = Assert.Single(_recorded);
        Assert.Equal((AuditKind.View, "anna", "clip pictures", "demo/cam-north", "a 夜.mp4"), (view.Kind, view.By, view.Action, view.Target, view.Details));
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(host, "PUT", "marks", body: "[1]", seat: "s")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(host, "PUT", "marks", body: "[2]", seat: "s")).Status);
        Assert.Equal(["[1]", "[2]"], _desk.Marking.Saved);
        Assert.Equal((AuditKind.Change, "mark clip"), (_recorded[1].Kind, _recorded[1].Action));
        Assert.Equal(2, _recorded.Count);
    }

    [Fact]
    public async Task The_page_has_no_script_or_style_of_its_own_and_speaks_its_readers_language()
    {
        await using var host = await StartAsync();
        using var request = new HttpRequestMessage(HttpMethod.Get, Page);
        request.Headers.Add(Named.Role, "Operator");
        request.Headers.Add("Accept-Language", "ja");
        using var answer = await host.SendAsync(request);
        var page = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);

        Assert.Contains("<html lang=\"ja\">", page, StringComparison.Ordinal);
        Assert.Contains("スリットスキャン", page, StringComparison.Ordinal);
        Assert.Contains($"data-base=\"{Page}\"", page, StringComparison.Ordinal);
        Assert.DoesNotContain("<style", page, StringComparison.Ordinal);
        Assert.DoesNotContain(" style=", page, StringComparison.Ordinal);
        Assert.All(page.Split("<script").Skip(1), s => Assert.Contains("src=", s[..s.IndexOf('>')], StringComparison.Ordinal));
        Assert.DoesNotContain("unsafe", Assert.Single(answer.Headers.GetValues("Content-Security-Policy")), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_two_who_mark_the_second_sees_who_does_and_may_take_over()
    {
        await using var host = await StartAsync();
        Assert.Equal("null", (await AskAsync(host, "POST", "seat", seat: "one")).Text);
        // Loaded again, or in a second window of her own.
        Assert.Equal("null", (await AskAsync(host, "POST", "seat", seat: "one")).Text);
        Assert.Equal("\"anna\"", (await AskAsync(host, "POST", "seat", seat: "two")).Text);

        Assert.Equal("\"anna\"", (await AskAsync(host, "POST", "seat", name: "bert", seat: "three")).Text);
        Assert.Equal((HttpStatusCode.Conflict, "anna"), await AskAsync(host, "PUT", "marks", name: "bert", seat: "three", body: "[]"));
        Assert.Equal((HttpStatusCode.Conflict, "anna"), await AskAsync(host, "PUT", "marks", name: "bert", body: "[]"));
        Assert.Equal((HttpStatusCode.Conflict, "anna"), await AskAsync(host, "POST", "done", name: "bert", seat: "three"));
        Assert.Empty(_desk.Marking.Saved);

        Assert.Equal("null", (await AskAsync(host, "POST", "seat?take=always", name: "bert", seat: "three")).Text);
        Assert.Equal((HttpStatusCode.Conflict, "bert"), await AskAsync(host, "PUT", "marks", seat: "one", body: "[]"));
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(host, "PUT", "marks", name: "bert", seat: "three", body: "[3]")).Status);
        Assert.Equal(HttpStatusCode.NoContent, (await AskAsync(host, "POST", "done", name: "bert", seat: "three")).Status);
        Assert.Equal(["[3]"], _desk.Marking.Saved);
        Assert.True(_desk.Marking.IsFinished);
    }

    [Theory]
    [InlineData("PUT", "marks")]
    [InlineData("POST", "done")]
    [InlineData("POST", "seat?take=always")]
    public async Task A_page_of_another_site_changes_nothing(string method, string path)
    {
        await using var host = await StartAsync();
        foreach (var (header, value) in new[] { ("Sec-Fetch-Site", "cross-site"), ("Sec-Fetch-Site", "same-site"), ("Origin", "https://evil.example") })
        {
            using var request = new HttpRequestMessage(new HttpMethod(method), Page + path) { Content = new StringContent("[]") };
            request.Headers.Add(Named.Role, "Operator");
            request.Headers.Add("X-Seat", "one");
            request.Headers.Add(header, value);
            using var answer = await host.SendAsync(request);
            Assert.Equal(HttpStatusCode.Forbidden, answer.StatusCode);
        }

        Assert.Empty(_desk.Marking.Saved);
        Assert.Null(_desk.Marking.Seat.Holder);
        Assert.False(_desk.Marking.IsFinished);
    }

    [Theory]
    [InlineData("/sites/demo/marking/b.mp4/clip")]
    [InlineData("/sites/demo/marking/..%2Fa%20%E5%A4%9C.mp4/clip")]
    [InlineData("/sites/demo/marking/%2E%2E/clip")]
    [InlineData("/sites/nowhere/marking/a%20%E5%A4%9C.mp4/clip")]
    public async Task What_is_not_open_is_not_there(string path)
    {
        await using var host = await StartAsync();
        using var answer = await host.SendAsync("GET", path, Role.Operator);

        Assert.Equal(HttpStatusCode.NotFound, answer.StatusCode);
        Assert.Empty(_recorded);
    }

    [Fact]
    public async Task A_mark_that_is_refused_says_why()
    {
        await using var host = await StartAsync();

        Assert.Equal((HttpStatusCode.BadRequest, "the marks cannot be read: bad"), await AskAsync(host, "PUT", "marks", seat: "one", body: "bad"));
    }

    [Fact]
    public async Task Only_operators_see_which_clips_there_are()
    {
        await using var host = await StartAsync();
        foreach (var role in new[] { Role.Operator, Role.Analyst, Role.Custodian })
        {
            using var answer = await host.SendAsync("GET", "/sites/demo/accuracy", role);
            Assert.Equal(role == Role.Operator, (await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).Contains("a 夜.mp4", StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task A_page_that_stood_open_while_others_marked_brings_no_old_marks_back()
    {
        await using var host = await StartAsync();
        var known = await TagAsync();
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync("[1]", known));
        var now = await TagAsync();

        Assert.NotEqual(known, now);
        Assert.Equal(HttpStatusCode.PreconditionFailed, await PutAsync("[2]", known));
        Assert.Equal(HttpStatusCode.NoContent, await PutAsync("[3]", now));
        Assert.Equal(["[1]", "[3]"], _desk.Marking.Saved);

        async Task<string> TagAsync()
        {
            using var request = new HttpRequestMessage(HttpMethod.Get, Page + "marks");
            request.Headers.Add(Named.Role, "Operator");
            using var answer = await host.SendAsync(request);
            return answer.Headers.ETag!.Tag;
        }

        async Task<HttpStatusCode> PutAsync(string marks, string tag)
        {
            using var request = new HttpRequestMessage(HttpMethod.Put, Page + "marks") { Content = new StringContent(marks) };
            request.Headers.Add(Named.Role, "Operator");
            request.Headers.Add("X-Seat", "one");
            request.Headers.Add("If-Match", tag);
            using var answer = await host.SendAsync(request);
            return answer.StatusCode;
        }
    }

    private Task<WebHost> StartAsync() => WebHost.StartAsync(new Named(), with: ports => ports with
    {
        Marking = _desk,
        Record = e =>
        {
            lock (_recorded) _recorded.Add(e);
            return Task.FromResult(_canRecord);
        },
    });

    private static async Task<(HttpStatusCode Status, string Text)> AskAsync(WebHost host, string method, string path, Role role = Role.Operator, string name = "anna", string? seat = null, string? body = null)
    {
        using var request = new HttpRequestMessage(new HttpMethod(method), Page + path);
        request.Headers.Add(Named.Role, $"{role}");
        request.Headers.Add(Named.Name, name);
        if (seat is not null) request.Headers.Add("X-Seat", seat);
        if (body is not null) request.Content = new StringContent(body);
        using var answer = await host.SendAsync(request);
        return (answer.StatusCode, await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    private sealed class Named : ICallers
    {
        public const string Role = "X-Test-Role";
        public const string Name = "X-Test-Name";

        public string SignInPath => "/sign-in";

        public ValueTask<Caller?> FindAsync(HttpContext context) => ValueTask.FromResult(
            context.Request.Headers[Role] is [{ } role] ? new Caller(context.Request.Headers[Name] is [{ } name] ? name : "anna", new HashSet<Role> { Enum.Parse<Role>(role) }, "test") : null);
    }

    /// <summary>Has one clip, which is open.</summary>
    private sealed class OpenDesk : IMarkingDesk
    {
        private const string Clip = "a 夜.mp4";

        public ScriptedMarking Marking { get; } = new();

        public MarkingState? Now { get; } = new(MarkingStep.Open, SyntheticJunction.Site.Id, SyntheticJunction.Site.Cameras[0].Id, Clip, "anna");

        public string FolderOf(SiteId site) => "/data/clips/demo";

        public IReadOnlyList<ClipFile> Clips(SiteId site) => [new(Clip, 12_000_000, HasMarks: false)];

        public IMarking? Find(SiteId site, string clip) => site == SyntheticJunction.Site.Id && clip == Clip ? Marking : null;

        public bool TryOpen(string by, SiteId site, CameraId camera, string clip) => false;

        public bool TryScore(string by, SiteId site, CameraId camera, string clip) => false;

        public void Close()
        {
        }
    }

    private sealed class ScriptedMarking : IMarking
    {
        public List<string> Saved { get; } = [];

        public bool IsFinished { get; private set; }

        public MarkingClip Clip { get; } = new("cam-north", 64, 36, [0, 0.1, 0.2, 0.3], 160, [new MarkingGate("g", [0, 0], [1, 1])], "a.truth.csv");

        public MarkingSeat Seat { get; } = new();

        public byte[]? Frame(int index) => index < 4 ? System.Text.Encoding.UTF8.GetBytes($"jpeg {index}") : null;

        public byte[]? Scan(string gate, int from, int count) => gate == "g" ? System.Text.Encoding.UTF8.GetBytes($"png {gate} {from} {count}") : null;

        public string MarksJson() => Saved.LastOrDefault() ?? "[]";

        public string? Replace(string json)
        {
            if (json == "bad") return "the marks cannot be read: bad";
            Saved.Add(json);
            return null;
        }

        public void Finish() => IsFinished = true;
    }
}

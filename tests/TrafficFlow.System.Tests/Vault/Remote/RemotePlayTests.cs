using System.Collections.Concurrent;
using System.Net;
using System.Net.Http.Headers;
using TrafficFlow.Node.Settings;
using TrafficFlow.SystemTests.Web;
using TrafficFlow.Vault.Accounts;
using TrafficFlow.Vault.Audit;
using TrafficFlow.Vault.Segments;
using TrafficFlow.Web.Access;
using Xunit;

namespace TrafficFlow.SystemTests.Vault.Remote;

/// <summary>A server's page plays what a roadside node has recorded: decrypted for the session alone, recorded at both ends, and kept nowhere.</summary>
public sealed class RemotePlayTests : IAsyncLifetime
{
    private readonly VaultFolder _accounts = new();
    private readonly ConcurrentQueue<AuditEvent> _recorded = [];
    private TwoNodes _nodes = null!;
    private WebHost _host = null!;
    private string _anna = "";
    private string _carl = "";
    private bool _auditWorks = true;

    public async ValueTask InitializeAsync()
    {
        await _accounts.AddAsync("anna", Role.Custodian);
        await _accounts.AddAsync("carl", Role.Operator);
        await StartAsync(null, 300_000, 24_000_000, 1);
    }

    private async Task StartAsync(VaultSettings? settings, params int[] sizes)
    {
        _nodes = await TwoNodes.StartAsync(sizes, settings);
        _host = await WebHost.StartAsync(new AccountCallers(_accounts.Accounts, _accounts.Sessions, _accounts.Login, _accounts.Tokens, _ => Task.CompletedTask), with: ports => ports with { Recordings = _nodes.Cluster, Record = RecordAsync });
        (_anna, _carl) = (await SignInAsync("anna"), await SignInAsync("carl"));
    }

    [Fact]
    public async Task What_another_node_recorded_plays_whole_and_from_any_place_and_no_message_and_no_file_of_the_server_holds_any_of_it()
    {
        var (place, content) = _nodes.Recorded[0];

        using (var whole = await GetAsync(place, _anna))
        {
            Assert.Equal(HttpStatusCode.OK, whole.StatusCode);
            Assert.Equal("video/mp4", whole.Content.Headers.ContentType?.MediaType);
            Assert.True(whole.Headers.CacheControl!.NoStore);
            Assert.Equal("bytes", Assert.Single(whole.Headers.AcceptRanges));
            Assert.Equal(content, await BytesAsync(whole));
        }

        foreach (var (range, from, to) in new (RangeHeaderValue, int, int)[] { (new(100_001, 200_002), 100_001, 200_002), (new(131_072, null), 131_072, content.Length - 1), (new(null, 777), content.Length - 777, content.Length - 1), (new(299_999, 400_000), 299_999, 299_999), (new(0, 0), 0, 0) })
        {
            using var part = await GetAsync(place, _anna, range);
            Assert.Equal(HttpStatusCode.PartialContent, part.StatusCode);
            Assert.Equal($"bytes {from}-{to}/{content.Length}", part.Content.Headers.ContentRange!.ToString());
            Assert.Equal(content[from..(to + 1)], await BytesAsync(part));
        }

        using (var beyond = await GetAsync(place, _anna, new RangeHeaderValue(300_000, 300_001))) Assert.Equal(HttpStatusCode.RequestedRangeNotSatisfiable, beyond.StatusCode);
        using (var one = await GetAsync(_nodes.Recorded[2].Place, _anna)) Assert.Equal(_nodes.Recorded[2].Content, await BytesAsync(one));

        // All of it was one look: recorded once at each end, with who, what and when.
        var here = Assert.Single(_recorded, e => e.Target == place.ToString());
        Assert.Equal(("recording play", "anna", AuditKind.View), (here.Action, here.By, here.Kind));
        Assert.Contains($"{TwoNodes.Noon:yyyy-MM-dd'T'HH:mm:ss'Z'} to {TwoNodes.Noon.AddMinutes(1):yyyy-MM-dd'T'HH:mm:ss'Z'}, at node {_nodes.RoadsideName}", here.Details);
        var there = Assert.Single(_nodes.RoadsideAudit, e => e.Target == place.ToString());
        Assert.Equal(("vault play", "anna", AuditKind.View), (there.Action, there.By, there.Kind));
        Assert.StartsWith("account[custodian]:anna@127.0.0.1:", there.Account, StringComparison.Ordinal);
        Assert.Contains($"{TwoNodes.Noon:yyyy-MM-dd'T'HH:mm:ss'Z'} to ", there.Details);

        Assert.True(_nodes.Link.Messages.Sum(m => m.Length) > content.Length, "the messages were not heard");
        var key = _nodes.KeyOf(place);
        AssertNothingOf(content, key, _nodes.Link.Messages, "a message");
        AssertNothingOf(content, key, Directory.EnumerateFiles(_nodes.ServerData, "*", SearchOption.AllDirectories).Select(ReadShared), "a file of the server");
        AssertNothingOf(content, key, Directory.EnumerateFiles(_accounts.Path, "*", SearchOption.AllDirectories).Select(ReadShared), "a file of the server's accounts");
        // The search does find what is there: the ciphertext has crossed, and clear bytes would have been seen.
        Assert.Contains(_nodes.Link.Messages, m => m.AsSpan().IndexOf(File.ReadAllBytes(_nodes.FileOf(place)).AsSpan(600, 64)) >= 0);
    }

    [Fact]
    public async Task The_pages_of_the_node_itself_play_its_recordings_without_a_cluster()
    {
        await using var own = await WebHost.StartAsync(new AccountCallers(_accounts.Accounts, _accounts.Sessions, _accounts.Login, _accounts.Tokens, _ => Task.CompletedTask), with: ports => ports with { Recordings = _nodes.RoadsideAlone, Record = RecordAsync });
        var (place, content) = _nodes.Recorded[0];

        using var shown = await own.SendAsync("GET", $"/custody/recordings/roadside/{place.Site}/{place.Camera}/{place.Name}/video", null, _anna);
        Assert.Equal(content, await BytesAsync(shown));
        using var elsewhere = await own.SendAsync("GET", AddressOf(place, "video"), null, _anna);
        Assert.Equal(HttpStatusCode.GatewayTimeout, elsewhere.StatusCode);
        Assert.Empty(_nodes.Link.Messages);
        Assert.Contains(_nodes.RoadsideAudit, e => e is { Action: "vault play", Account: "account[custodian]:anna" });
    }

    [Fact]
    public async Task Nothing_is_shown_that_cannot_be_recorded_at_both_ends()
    {
        _auditWorks = false;
        using (var refused = await GetAsync(_nodes.Recorded[0].Place, _anna)) Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
        _auditWorks = true;
        _nodes.RoadsideAuditWorks = false;
        using (var refused = await GetAsync(_nodes.Recorded[0].Place, _anna))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, refused.StatusCode);
            Assert.Contains("the audit of the node there cannot be written", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        _nodes.RoadsideAuditWorks = true;
        using var shown = await GetAsync(_nodes.Recorded[0].Place, _anna);
        Assert.Equal(HttpStatusCode.OK, shown.StatusCode);
    }

    [Fact]
    public async Task An_operator_sees_recordings_where_the_vault_says_so_and_a_stranger_never()
    {
        using (var refused = await GetAsync(_nodes.Recorded[0].Place, _carl))
        {
            Assert.Equal(HttpStatusCode.Forbidden, refused.StatusCode);
            Assert.Contains("it is for the role custodian", await refused.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        Assert.Contains(_nodes.RoadsideAudit, e => e is { Action: "vault play", By: "carl" } && e.Outcome.StartsWith("refused", StringComparison.Ordinal));
        using (var nobody = await GetAsync(_nodes.Recorded[0].Place, "")) Assert.Equal(HttpStatusCode.Redirect, nobody.StatusCode);
        await _host.DisposeAsync();
        await _nodes.DisposeAsync();
        await StartAsync(VaultSettings.Usual with { OperatorsMayPlay = true }, 5000);

        using var allowed = await GetAsync(_nodes.Recorded[0].Place, _carl);
        Assert.Equal(_nodes.Recorded[0].Content, await BytesAsync(allowed));
    }

    [Fact]
    public async Task Who_is_dismissed_sees_not_one_more_block_of_what_was_running()
    {
        await _accounts.Accounts.SetRolesAsync("carl", [Role.Custodian]);
        var carl = await SignInAsync("carl");
        var (place, content) = _nodes.Recorded[1];
        using var running = await GetAsync(place, carl, completion: HttpCompletionOption.ResponseHeadersRead);
        await using var pictures = await running.Content.ReadAsStreamAsync(TestContext.Current.CancellationToken);
        await pictures.ReadExactlyAsync(new byte[10_000], TestContext.Current.CancellationToken);

        await _accounts.Accounts.DisableAsync("carl", "anna");

        var left = 0;
        await Assert.ThrowsAnyAsync<IOException>(async () =>
        {
            var block = new byte[1 << 16];
            int count;
            while ((count = await pictures.ReadAsync(block, TestContext.Current.CancellationToken)) > 0) left += count;
            Assert.Fail("it came to its end");
        });
        // What lay in the buffers of the connection had gone out before.
        Assert.InRange(left, 0, content.Length - 5_000_000);
        using var again = await GetAsync(place, carl);
        Assert.Equal(HttpStatusCode.Redirect, again.StatusCode);
    }

    [Fact]
    public async Task Where_the_node_falls_silent_in_the_middle_it_is_told_and_goes_on_when_it_is_back()
    {
        var (place, content) = _nodes.Recorded[1];
        using (var first = await GetAsync(place, _anna, new RangeHeaderValue(0, 99))) Assert.Equal(content[..100], await BytesAsync(first));
        _nodes.Link.IsSilent = true;

        using (var away = await GetAsync(place, _anna, new RangeHeaderValue(20_000_000, null)))
        {
            Assert.Equal(HttpStatusCode.GatewayTimeout, away.StatusCode);
            Assert.Contains($"node {_nodes.RoadsideName} does not answer: nothing within 10 s", await away.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using (var why = await _host.SendAsync("GET", AddressOf(place, "problem"), null, _anna)) Assert.Contains("does not answer", await why.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        _nodes.Link.IsSilent = false;
        using var back = await GetAsync(place, _anna, new RangeHeaderValue(20_000_000, null));
        Assert.Equal(content[20_000_000..], await BytesAsync(back));
        using var well = await _host.SendAsync("GET", AddressOf(place, "problem"), null, _anna);
        Assert.Equal(HttpStatusCode.NoContent, well.StatusCode);
    }

    [Fact]
    public async Task What_is_erased_while_it_plays_plays_no_more()
    {
        var (place, content) = _nodes.Recorded[1];
        using (var first = await GetAsync(place, _anna, new RangeHeaderValue(0, 99))) Assert.Equal(content[..100], await BytesAsync(first));

        _nodes.RoadsideVault.Erase(new TrafficFlow.Vault.Erasure.EraseOrder(new TrafficFlow.Vault.Erasure.EraseScope(place.Site, place.Camera, TwoNodes.Noon.AddMinutes(1), TwoNodes.Noon.AddMinutes(2)), "request", "anna", "test"));

        using var gone = await GetAsync(place, _anna, new RangeHeaderValue(20_000_000, null));
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        // Nor does what was shown before come again, from memory.
        using var again = await GetAsync(place, _anna, new RangeHeaderValue(0, 99));
        Assert.Equal(HttpStatusCode.NotFound, again.StatusCode);
        using var other = await GetAsync(_nodes.Recorded[0].Place, _anna);
        Assert.Equal(_nodes.Recorded[0].Content, await BytesAsync(other));
    }

    [Fact]
    public async Task A_segment_that_was_changed_plays_up_to_there_and_one_that_is_locked_away_not_at_all()
    {
        var (place, content) = _nodes.Recorded[0];
        using (var file = File.Open(_nodes.FileOf(place), FileMode.Open))
        {
            file.Seek(200_000, SeekOrigin.Begin);
            var was = file.ReadByte();
            file.Seek(-1, SeekOrigin.Current);
            file.WriteByte((byte)(was ^ 1));
        }

        using (var sound = await GetAsync(place, _anna, new RangeHeaderValue(0, 100_000))) Assert.Equal(content[..100_001], await BytesAsync(sound));
        using (var damaged = await GetAsync(place, _anna, new RangeHeaderValue(150_000, 250_000)))
        {
            Assert.Equal(HttpStatusCode.NotFound, damaged.StatusCode);
            Assert.Contains("are damaged", await damaged.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        _nodes.RoadsideVault.Close();
        using (var locked = await GetAsync(place, _anna, new RangeHeaderValue(270_000, null)))
        {
            Assert.Equal(HttpStatusCode.ServiceUnavailable, locked.StatusCode);
            Assert.Contains("locked", await locked.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        }

        using var unknown = await _host.SendAsync("GET", $"/custody/recordings/{_nodes.RoadsideName}/{place.Site}/{place.Camera}/20200101T000000.000Z/video", null, _anna);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.DisposeAsync();
        await _nodes.DisposeAsync();
        _accounts.Sessions.Dispose();
        _accounts.Dispose();
    }

    private static void AssertNothingOf(byte[] content, byte[] key, IEnumerable<byte[]> places, string what)
    {
        foreach (var bytes in places)
        {
            for (var at = 0; at + 32 <= content.Length; at += 4096) Assert.True(bytes.AsSpan().IndexOf(content.AsSpan(at, 32)) < 0, $"{what} holds pictures in clear");
            Assert.True(bytes.AsSpan().IndexOf(key) < 0, $"{what} holds the key in clear");
        }
    }

    private static byte[] ReadShared(string path)
    {
        using var file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.ReadWrite | FileShare.Delete);
        var bytes = new byte[file.Length];
        file.ReadExactly(bytes);
        return bytes;
    }

    private Task<bool> RecordAsync(AuditEvent e)
    {
        if (_auditWorks) _recorded.Enqueue(e);
        return Task.FromResult(_auditWorks);
    }

    private string AddressOf(SegmentPlace place, string what) => $"/custody/recordings/{_nodes.RoadsideName}/{place.Site}/{place.Camera}/{place.Name}/{what}";

    private async Task<HttpResponseMessage> GetAsync(SegmentPlace place, string cookie, RangeHeaderValue? range = null, HttpCompletionOption completion = HttpCompletionOption.ResponseContentRead)
    {
        using var client = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }, disposeHandler: false) { BaseAddress = _host.Server.Address };
        using var request = new HttpRequestMessage(HttpMethod.Get, AddressOf(place, "video"));
        if (cookie.Length > 0) request.Headers.Add("Cookie", cookie);
        request.Headers.Range = range;
        return await client.SendAsync(request, completion, TestContext.Current.CancellationToken);
    }

    private static Task<byte[]> BytesAsync(HttpResponseMessage answer) => answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);

    private async Task<string> SignInAsync(string name) => $"trafficflow-session={(await _accounts.TryAsync(name, VaultFolder.GoodPassword)).Session!.Text}";
}

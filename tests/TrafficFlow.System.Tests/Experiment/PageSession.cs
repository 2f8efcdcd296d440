using System.Globalization;
using System.Net;
using TrafficFlow.SystemTests.Vault;
using Xunit;

namespace TrafficFlow.SystemTests.Experiment;

/// <summary>Somebody who is signed in at the pages of a running node.</summary>
internal sealed class PageSession : IDisposable
{
    private readonly HttpClient _http;
    private readonly string _cookie;

    private PageSession(HttpClient http, string cookie) => (_http, _cookie) = (http, cookie);

    /// <summary>What a browser needs to be signed in too.</summary>
    public string Session => _cookie[(_cookie.IndexOf('=') + 1)..];

    /// <summary>With the password that accounts of tests have.</summary>
    /// <returns>Null where the account is not let in.</returns>
    public static async Task<PageSession?> TryAsync(Uri address, string account)
    {
        var http = new HttpClient(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }) { BaseAddress = address };
        using var form = new FormUrlEncodedContent([KeyValuePair.Create("name", account), KeyValuePair.Create("password", VaultFolder.GoodPassword)]);
        using var answer = await http.PostAsync(new Uri("/sign-in", UriKind.Relative), form, TestContext.Current.CancellationToken);
        if (answer.StatusCode == HttpStatusCode.Redirect && answer.Headers.TryGetValues("Set-Cookie", out var cookies) && cookies.FirstOrDefault(c => c.StartsWith("trafficflow-session=", StringComparison.Ordinal)) is { } cookie)
            return new PageSession(http, cookie[..cookie.IndexOf(';')]);
        http.Dispose();
        return null;
    }

    public async Task<HttpStatusCode> StatusAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null);
        return answer.StatusCode;
    }

    public async Task<byte[]> BytesAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null);
        Assert.True(answer.IsSuccessStatusCode, string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode}"));
        return await answer.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken);
    }

    public async Task<string> TextAsync(string path)
    {
        using var answer = await SendAsync(HttpMethod.Get, path, null);
        var text = WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.True(answer.StatusCode == HttpStatusCode.OK, string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} {text}"));
        return text;
    }

    /// <summary>A form that is refused.</summary>
    /// <returns>What the page says.</returns>
    public async Task<string> RefusedAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await SendAsync(HttpMethod.Post, path, form);
        Assert.Equal(HttpStatusCode.BadRequest, answer.StatusCode);
        return WebUtility.HtmlDecode(await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
    }

    /// <summary>A form that is taken: the page is shown anew after it.</summary>
    public async Task PostAsync(string path, params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));
        using var answer = await SendAsync(HttpMethod.Post, path, form);
        var told = await answer.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        Assert.True(answer.StatusCode == HttpStatusCode.Redirect, string.Create(CultureInfo.InvariantCulture, $"{path}: {(int)answer.StatusCode} {WebUtility.HtmlDecode(told)}"));
    }

    public void Dispose() => _http.Dispose();

    private async Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, HttpContent? content)
    {
        using var request = new HttpRequestMessage(method, new Uri(path, UriKind.Relative)) { Content = content };
        request.Headers.Add("Cookie", _cookie);
        return await _http.SendAsync(request, TestContext.Current.CancellationToken);
    }
}

using TrafficFlow.Node;
using TrafficFlow.Node.Tokens;
using TrafficFlow.SystemTests.Files;
using TrafficFlow.SystemTests.Settings;
using TrafficFlow.Wire.Topics;
using Xunit;

namespace TrafficFlow.SystemTests.Tokens;

public sealed class TokenFileTests : IDisposable
{
    private static readonly DateTimeOffset s_now = new(2026, 11, 29, 12, 0, 0, TimeSpan.Zero);
    private static readonly TopicScope s_scope = TopicScope.Parse(["flow.demo.*"], out _)!;

    private readonly SettingsFolder _folder = new();

    private string Place => Path.Combine(_folder.Path, "tokens.json");

    [Fact]
    public async Task A_token_is_kept_as_its_hash_alone_for_its_owner_alone_and_is_found_by_its_text()
    {
        var text = await CreateAsync("anna");

        Assert.True(TokenText.IsToken(text));
        Assert.DoesNotContain(text, File.ReadAllText(Place), StringComparison.Ordinal);
        Assert.DoesNotContain(text[4..], File.ReadAllText(Place), StringComparison.Ordinal);
        Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(Place));
        var found = TokenFile.Read(Place).Find(text);
        Assert.Equal(("anna", "flow.demo.*", "unix:tester"), (found?.Name, found?.Scope.ToString(), found?.CreatedBy));
        Assert.Null(TokenFile.Read(Place).Find(TokenText.Create()));
        Assert.Equal(["tokens.json"], Directory.GetFileSystemEntries(_folder.Path).Select(Path.GetFileName));
    }

    [Fact]
    public async Task Two_that_change_it_at_once_lose_nothing()
    {
        await Task.WhenAll(Enumerable.Range(0, 10).Select(i => Task.Run(() => CreateAsync($"reader-{i}"))));

        Assert.Equal(10, TokenFile.Read(Place).Tokens.Length);
    }

    [Fact]
    public async Task A_token_is_good_until_it_expires_or_is_revoked_and_its_name_is_free_again_then()
    {
        await CreateAsync("anna");
        Assert.Contains("good token anna already", (await Assert.ThrowsAsync<UsageException>(() => CreateAsync("anna"))).Message, StringComparison.Ordinal);
        var token = TokenFile.Read(Place).Tokens.Single();
        Assert.Null(token.WhyNot(s_now));
        Assert.Contains("has expired", token.WhyNot(token.Until), StringComparison.Ordinal);

        await TokenFile.ChangeAsync(Place, list => list.Revoke("anna", "unix:other", s_now), TimeProvider.System, TestContext.Current.CancellationToken);

        Assert.Contains("was revoked on 2026-11-29 12:00Z", TokenFile.Read(Place).Tokens.Single().WhyNot(s_now), StringComparison.Ordinal);
        Assert.Throws<UsageException>(() => TokenFile.Read(Place).Revoke("anna", "unix:other", s_now));
        Assert.Contains("did you mean", Assert.Throws<UsageException>(() => TokenFile.Read(Place).Create("berta", s_scope, s_now.AddDays(1), "", s_now).List.Revoke("bert", "", s_now)).Message, StringComparison.Ordinal);
        await CreateAsync("anna");
        Assert.Null(Assert.Single(TokenFile.Read(Place).Tokens).RevokedAt);
    }

    [Fact]
    public void A_file_that_others_can_read_is_refused_with_the_remedy()
    {
        var file = _folder.Write("tokens.json", """{ "format": 1, "tokens": [] }""");
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.GroupRead);

        Assert.Contains($"chmod 600 {file}", Assert.Throws<FormatException>(() => TokenFile.Read(file)).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_file_that_is_a_link_is_not_written_through()
    {
        using var links = new PlantedLinks();
        var planted = links.Plant("tokens.json");

        await Assert.ThrowsAsync<JobFailedException>(() => TokenFile.ChangeAsync(planted, list => list, TimeProvider.System, TestContext.Current.CancellationToken));

        Assert.Equal(PlantedLinks.Precious, links.Read());
    }

    [Theory]
    [InlineData("", "line 1")]
    [InlineData("[]", "line 1")]
    [InlineData("""{ "format": 2, "tokens": [] }""", "its format is not 1")]
    [InlineData("""{ "format": 1 }""", "its format is not 1")]
    [InlineData("""{ "format": 1, "tokens": [ null ] }""", "token 1 has no name")]
    [InlineData("""{ "format": 1, "tokens": [ { "name": "a/b" } ] }""", "token 1 has no name")]
    [InlineData("""{ "format": 1, "tokens": [ { "name": "anna", "sha256": "xx" } ] }""", "token 1 has no SHA-256")]
    [InlineData("""{ "format": 1, "tokens": [ { "name": "anna", "sha256": "03de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9" } ] }""", "until when")]
    [InlineData("""{ "format": 1, "tokens": [ { "name": "anna", "sha256": "03de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9", "until": "2027-01-01T00:00:00Z", "scope": ["*"] } ] }""", "the scope of token 1")]
    public void What_is_no_list_of_tokens_is_refused_with_what_is_wrong(string text, string told) =>
        Assert.Contains(told, Assert.Throws<FormatException>(() => TokenFile.Parse(text, "tokens.json")).Message, StringComparison.Ordinal);

    [Theory]
    [InlineData("anna", "03de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9", "line 7: token 2 has the name anna of token 1 on line 4")]
    [InlineData("bert", "a3de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9", "line 7: token 2 has the SHA-256 of token 1 on line 4")]
    [InlineData("bert", "03de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9\", \"scope\": [\"flow.demo.*\"], \"sha256\": \"a3de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9", "line 7")]
    public void What_stands_twice_in_a_file_edited_by_hand_is_refused_with_its_line(string name, string hash, string told)
    {
        var text = $$"""
            {
              "format": 1,
              "tokens": [
                { "name": "anna", "sha256": "a3de904886246b4603f0368a1a0dfef98b7620114489ed620bb4f38013149dc9",
                  "until": "2027-01-01T00:00:00Z", "scope": ["flow.demo.*"] },

                { "name": "{{name}}", "sha256": "{{hash}}", "until": "2027-01-01T00:00:00Z", "scope": ["flow.*.*"] }
              ]
            }
            """;

        Assert.Contains($"tokens.json is no list of tokens ({told}", Assert.Throws<FormatException>(() => TokenFile.Parse(text, "tokens.json")).Message, StringComparison.Ordinal);
    }

    public void Dispose() => _folder.Dispose();

    private async Task<string> CreateAsync(string name)
    {
        var text = "";
        await TokenFile.ChangeAsync(
            Place,
            list =>
            {
                (var changed, text) = list.Create(name, s_scope, s_now.AddDays(1), "unix:tester", s_now);
                return changed;
            },
            TimeProvider.System,
            TestContext.Current.CancellationToken);
        return text;
    }
}

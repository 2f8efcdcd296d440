using TrafficFlow.Vault.Secrets;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Tokens;

/// <summary>What is kept of a token: never the token itself.</summary>
/// <param name="Name">Whose it is; as names of sites are.</param>
/// <param name="Hash">SHA-256 of the token's text. It has 256 random bits, so that neither salt nor a slow hash would add anything.</param>
/// <param name="Until">It is good before that instant.</param>
/// <param name="CreatedBy">unix:NAME, the account that made it.</param>
/// <param name="RevokedAt">Null while it is not.</param>
public sealed record SubscriberToken(
    string Name, string Hash, TopicScope Scope, DateTimeOffset Until, DateTimeOffset CreatedAt, string CreatedBy, DateTimeOffset? RevokedAt = null, string? RevokedBy = null)
{
    public bool IsGood(DateTimeOffset now) => WhyNot(now) is null;

    /// <summary>Null while it is good.</summary>
    public string? WhyNot(DateTimeOffset now) =>
        RevokedAt is { } at ? $"the token {Name} was revoked on {at.UtcDateTime:yyyy-MM-dd HH:mm}Z"
        : now >= Until ? $"the token {Name} has expired on {Until.UtcDateTime:yyyy-MM-dd HH:mm}Z"
        : null;
}

/// <summary>The text that a subscriber shows: of 256 random bits.</summary>
public static class TokenText
{
    public static string Create() => SecretText.Create(SecretText.OfToken);

    public static bool IsToken(string text) => SecretText.Is(SecretText.OfToken, text);

    public static string Hash(string token) => SecretText.Hash(token);
}

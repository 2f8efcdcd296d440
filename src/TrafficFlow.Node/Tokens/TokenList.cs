using System.Collections.Immutable;
using System.Security.Cryptography;
using System.Text;
using TrafficFlow.Wire.Topics;

namespace TrafficFlow.Node.Tokens;

/// <summary>The tokens of a server. Pure: each change is a new list.</summary>
public sealed record TokenList(ImmutableArray<SubscriberToken> Tokens)
{
    /// <summary>Of one server. Each try is compared with all.</summary>
    public const int Most = 1_000;

    public static readonly TokenList Empty = new([]);

    /// <summary>How long one that is good no more is still shown.</summary>
    private static readonly TimeSpan RememberedFor = TimeSpan.FromDays(366);

    /// <returns>The token whose text this is, good or not; null where nobody has such. Takes as long for any text.</returns>
    public SubscriberToken? Find(string text)
    {
        var hash = Encoding.ASCII.GetBytes(TokenText.Hash(text));
        SubscriberToken? found = null;
        foreach (var token in Tokens)
        {
            if (CryptographicOperations.FixedTimeEquals(hash, Encoding.ASCII.GetBytes(token.Hash))) found = token;
        }

        return found;
    }

    /// <summary>As it stands in the list now; null where it was taken out.</summary>
    public SubscriberToken? Again(SubscriberToken token) => Tokens.FirstOrDefault(t => t.Hash == token.Hash);

    /// <returns>The list with it, and its text, which nothing keeps.</returns>
    /// <exception cref="UsageException">There is a good one of that name, or there are too many.</exception>
    public (TokenList List, string Text) Create(string name, TopicScope scope, DateTimeOffset until, string by, DateTimeOffset now)
    {
        if (Tokens.Any(t => t.Name == name && t.IsGood(now)))
            throw new UsageException($"there is a good token {name} already: give each program its own name ({name}-2), or revoke that one first: trafficflow token revoke {name}");
        var kept = Tokens.Where(t => t.Name != name && Ended(t, now) is var ended && (ended is null || now - ended < RememberedFor)).ToList();
        if (kept.Count >= Most) throw new UsageException($"there are {Most} tokens already, the most of one server");
        var text = TokenText.Create();
        return (new TokenList([.. kept, new SubscriberToken(name, TokenText.Hash(text), scope, until, now, by)]), text);
    }

    /// <exception cref="UsageException">There is no good one of that name.</exception>
    public TokenList Revoke(string name, string by, DateTimeOffset now)
    {
        var token = Tokens.FirstOrDefault(t => t.Name == name)
            ?? throw new UsageException($"there is no token {name}: {Settings.Suggestion.For(name, [.. Tokens.Where(t => t.IsGood(now)).Select(t => t.Name)], "good tokens")}");
        return token.WhyNot(now) is { } why
            ? throw new UsageException($"{why} already; nothing was changed")
            : new TokenList(Tokens.Replace(token, token with { RevokedAt = now, RevokedBy = by }));
    }

    private static DateTimeOffset? Ended(SubscriberToken token, DateTimeOffset now) => token.RevokedAt ?? (now >= token.Until ? token.Until : null);
}

using System.Text.Json;
using System.Text.Json.Serialization;
using TrafficFlow.Core.Sites;
using TrafficFlow.Vault.Files;
using TrafficFlow.Vault.Secrets;

namespace TrafficFlow.Vault.Accounts;

/// <summary>The file of the accounts, JSON. What is no such file is refused, so that it is never written over.</summary>
internal static class AccountFile
{
    private const int Format = 1;
    private const int LongestFile = 8 * 1024 * 1024;

    private static readonly JsonSerializerOptions s_layout = new()
    {
        PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower,
        WriteIndented = true,
        MaxDepth = 16,
        AllowDuplicateProperties = false,
        UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow,
        RespectNullableAnnotations = true,
        RespectRequiredConstructorParameters = true,
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.SnakeCaseLower, allowIntegerValues: false) },
    };

    private sealed record Written(int Format, AccountList List);

    /// <returns>Empty where there is none.</returns>
    /// <exception cref="VaultFileException">It cannot be used.</exception>
    public static AccountList Read(string path) => PrivateFile.Read(path, LongestFile) is { } content ? Parse(content, path) : AccountList.Empty;

    /// <param name="path">For the message.</param>
    /// <exception cref="VaultFileException">It is no list of accounts.</exception>
    public static AccountList Parse(ReadOnlySpan<byte> content, string path)
    {
        try
        {
            var written = JsonSerializer.Deserialize<Written>(content, s_layout);
            if (written is not { Format: Format, List: { Accounts.IsDefault: false, Tokens.IsDefault: false } list }) throw Wrong(path, $"its format is not {Format}, or it has no accounts");
            if (Problem(list) is { } problem) throw Wrong(path, problem);
            return list;
        }
        catch (JsonException e)
        {
            throw Wrong(path, $"line {(e.LineNumber ?? 0) + 1}{(e.Path is { Length: > 1 } where ? $", {where}" : "")}");
        }
    }

    public static byte[] Write(AccountList list) => [.. JsonSerializer.SerializeToUtf8Bytes(new Written(Format, list), s_layout), (byte)'\n'];

    private static string? Problem(AccountList list)
    {
        if (list.Accounts.Length > AccountList.MostAccounts || list.Tokens.Length > AccountList.MostTokens) return "it has more accounts or tokens than a node takes";
        if (list.First is { } first && !SecretText.IsHash(first.Hash)) return "the link of the first start has no SHA-256";
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var account in list.Accounts)
        {
            if (!NameRule.IsChosen(account.Name)) return "an account has no name";
            if (!names.Add(account.Name)) return $"the account {account.Name} stands in it twice";
            if (account.Roles.IsDefaultOrEmpty) return $"the account {account.Name} has no role";
            if (account.Password is { } password && !PasswordHash.IsHash(password)) return $"the password of {account.Name} is no PHC string of Argon2id";
            if (account.Invitation is { } link && !SecretText.IsHash(link.Hash)) return $"the link of {account.Name} has no SHA-256";
            if (account.Devices.IsDefault || account.Devices.Any(d => d is null || !SecretText.IsHash(d.Hash))) return $"a device of {account.Name} has no SHA-256";
            if (account.SecondFactor is { } second && (second.Recovery.IsDefault || second.Recovery.Any(r => !SecretText.IsHash(r)))) return $"a recovery code of {account.Name} has no SHA-256";
        }

        var tokens = new HashSet<string>(StringComparer.Ordinal);
        foreach (var token in list.Tokens)
        {
            if (!NameRule.IsChosen(token.Name)) return "a token has no name";
            if (!tokens.Add(token.Name)) return $"the token {token.Name} stands in it twice";
            if (!SecretText.IsHash(token.Hash)) return $"the token {token.Name} has no SHA-256";
            if (!names.Contains(token.Account)) return $"the token {token.Name} is of the account {token.Account}, which is not there";
            if (token.Roles.IsDefaultOrEmpty || token.Scope.Sites.IsDefaultOrEmpty || token.Scope.Uses.IsDefaultOrEmpty) return $"the token {token.Name} has no roles or no scope";
        }

        return null;
    }

    private static VaultFileException Wrong(string path, string what) =>
        new($"{path} is no list of accounts ({what}): put back the file as it was, from a backup; nobody can log in until then, and it is not written over");
}

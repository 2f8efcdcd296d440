namespace TrafficFlow.Vault.Accounts;

/// <summary>Roles as they are written: custodian, operator, analyst, city.</summary>
public static class RoleNames
{
    public static IReadOnlyList<string> All { get; } = [.. Enum.GetValues<Role>().Select(Of)];

    public static string Of(Role role) => role.ToString().ToLowerInvariant();

    /// <returns>Null where it is none.</returns>
    public static Role? Parse(string text) => Enum.GetValues<Role>().Cast<Role?>().FirstOrDefault(r => Of(r!.Value) == text);
}

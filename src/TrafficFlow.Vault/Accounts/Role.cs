namespace TrafficFlow.Vault.Accounts;

/// <summary>What an account is for; one may have several.</summary>
public enum Role
{
    /// <summary>管理責任者: answers for privacy: accounts, the audit, disclosure and deletion.</summary>
    Custodian = 0,

    /// <summary>Installs cameras, draws masks and gates, watches health, sees anonymized pictures.</summary>
    Operator = 1,

    /// <summary>Reads counts, journeys and measures, as they are.</summary>
    Analyst = 2,

    /// <summary>Reads what is released: with small cells suppressed, and no journeys.</summary>
    City = 3,
}

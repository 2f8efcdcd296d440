using TrafficFlow.Simulation.Vehicles;

namespace TrafficFlow.Simulation.People;

/// <summary>How a person looks, whatever he or she does.</summary>
internal sealed record PersonLook(
    PersonBuild Build, double Height, Clothes Clothes, Carried Carried, bool HasUmbrella, Paint Umbrella);

/// <summary>The people of a town and what they wear.</summary>
internal static class Wardrobe
{
    private static readonly Paint[] s_upper =
    [
        new(28, 29, 34), new(44, 50, 66), new(88, 90, 94), new(206, 206, 204), new(236, 236, 234), new(128, 110, 88), new(150, 34, 38), new(40, 76, 132),
        new(96, 130, 170), new(74, 92, 66), new(206, 176, 92), new(196, 128, 140), new(66, 48, 40), new(228, 120, 48),
    ];

    private static readonly Paint[] s_lower =
        [new(24, 25, 29), new(36, 44, 66), new(58, 70, 98), new(86, 82, 78), new(148, 134, 110), new(190, 186, 178), new(48, 40, 36)];

    private static readonly Paint[] s_hair = [new(22, 19, 18), new(30, 24, 21), new(54, 38, 28), new(96, 70, 44), new(150, 148, 146)];
    private static readonly Paint[] s_skin = [new(226, 184, 156), new(212, 168, 138), new(186, 138, 106), new(120, 84, 62)];
    private static readonly Paint[] s_shoes = [new(24, 22, 22), new(60, 44, 34), new(220, 220, 218), new(90, 90, 94)];

    private static readonly Paint[] s_umbrellas =
        [new(30, 32, 40), new(38, 54, 92), new(170, 36, 44), new(206, 212, 216), new(236, 206, 70), new(92, 140, 120), new(70, 62, 76)];

    public static PersonLook Draw(PersonBuild build, Pcg32 random)
    {
        var height = build switch
        {
            PersonBuild.Man => random.Between(1.63, 1.86),
            PersonBuild.Woman => random.Between(1.50, 1.72),
            _ => random.Between(1.02, 1.42),
        };
        var isCoat = build == PersonBuild.Woman && random.Uniform() < 0.4;
        var clothes = new Clothes(
            One(s_upper, random), One(s_lower, random), One(s_shoes, random), One(s_hair, random), One(s_skin, random), isCoat, random.Uniform() < 0.18);
        var carried = build == PersonBuild.Child
            ? (random.Uniform() < 0.6 ? Carried.Backpack : Carried.Nothing)
            : (Carried)random.Pick([0.42, 0.2, 0.33, 0.05]);
        return new PersonLook(build, height, clothes, carried, random.Uniform() < 0.85, One(s_umbrellas, random));
    }

    private static Paint One(Paint[] paints, Pcg32 random) => paints[(int)(random.Uniform() * paints.Length)];
}

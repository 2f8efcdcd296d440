using TrafficFlow.Core.Detection;

namespace TrafficFlow.Vision.Onnx;

/// <summary>What the names that data sets give to their classes mean to us. Pure.</summary>
internal static class ClassNames
{
    private static readonly Dictionary<string, ClassMeaning> Known = new[]
    {
        (Vehicle(VehicleClass.PassengerCar), "car cars passengercar sedan saloon hatchback coupe suv taxi cab stationwagon estate jeep auto pkw personenwagen 乗用車 普通車 自動車 車 轿车 小汽车 voiture coche carro"),
        (Vehicle(VehicleClass.LightGoods), "van vans minivan minibus pickup pickuptruck lightgoods lightgoodsvehicle lighttruck lgv transporter lieferwagen 小型貨物 小型貨物車 バン 面包车 camionnette furgoneta"),
        (Vehicle(VehicleClass.HeavyGoods), "truck trucks lorry lorries heavygoods heavygoodsvehicle heavytruck hgv semi semitrailer trailertruck articulatedtruck tanker freightcar lkw lastwagen 普通貨物 大型貨物 貨物車 トラック 卡车 货车 camion camión caminhão"),
        (Vehicle(VehicleClass.Bus), "bus buses coach omnibus autobus autobús ônibus バス 公交车"),
        (Vehicle(VehicleClass.Motorcycle), "motorcycle motorcycles motorbike motorbikes motor moped scooter motorrad moto バイク オートバイ 二輪車 自動二輪 摩托车"),
        (Vehicle(VehicleClass.Unclassified), "vehicle vehicles motorvehicle othervehicle tricycle awningtricycle autorickshaw rickshaw tuktuk threewheeler fahrzeug 車両"),
        (new ClassMeaning(DetectedKind.Person, VehicleClass.Unclassified), "person persons people pedestrian pedestrians human rider cyclist bicyclist motorcyclist personsitting man woman child 人 歩行者 行人 fußgänger personne persona pessoa"),
        (new ClassMeaning(DetectedKind.Other, VehicleClass.Unclassified), "bicycle bicycles bike bikes fahrrad vélo bicicleta 自転車 自行车"),
    }.SelectMany(group => group.Item2.Split(' ').Select(name => KeyValuePair.Create(name, group.Item1))).ToDictionary();

    /// <summary>Class number -> meaning of those names that are known; names that are none of ours are left out and so ignored.</summary>
    public static Dictionary<int, ClassMeaning> Map(IReadOnlyDictionary<int, string> names)
    {
        var map = new Dictionary<int, ClassMeaning>();
        foreach (var (number, name) in names)
            if (Known.TryGetValue(Plain(name), out var meaning)) map[number] = meaning;
        return map;
    }

    private static ClassMeaning Vehicle(VehicleClass which) => new(DetectedKind.Vehicle, which);

    /// <summary>"Passenger Car", "passenger_car" and "passenger-car" are one.</summary>
    private static string Plain(string name) => string.Concat(name.Where(char.IsLetterOrDigit)).ToLowerInvariant();
}

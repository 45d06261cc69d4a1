var data = CsvDataset.Load(Path.Combine(AppContext.BaseDirectory, "iris.csv"), target: "species");
var (training, validation, test) = data.Split(70, 15, 15, seed: 1);
var preprocessing = Preprocessing.Fit(training);                 // means and deviations of the training rows only

var model = new Sequential(seed: 1, new Linear(4, 16), new ReLU(), new Linear(16, 3));
var trainer = new Trainer(model, new Adam(model.Parameters, learningRate: 0.01f));  // its loss is SoftmaxCrossEntropy by default
trainer.Train(preprocessing.Apply(training), preprocessing.Apply(validation), onEpoch: Console.WriteLine);

Console.WriteLine($"test accuracy {Accuracy.Of(model, preprocessing.Apply(test)):F3}");

ModelFile.Save("iris.safetensors", new Classifier(model, preprocessing));
var classifier = ModelFile.Load("iris.safetensors");             // weights, scaling and class names in one file
Console.WriteLine(classifier.Predict("6.1", "2.8", "4.7", "1.2"));
